.ci/debian curl nginx
. tests/clients/in-front.sh
serve --dir "$files"

# The server, nginx that compresses in front of it, and the cache in front of that. nginx weakens
# the tag of a 200 that it compresses, and leaves that of a 304 as it is.
mkdir "$work/nginx"
port=$((20000 + RANDOM % 20000))
sed "s|@ORIGIN@|$origin|; s|@PORT@|$port|" tests/clients/chain.conf > "$work/nginx/nginx.conf"
start "$work/nginx/output" nginx -p "$work/nginx" -e errors -c nginx.conf -g "user $(id -un) $(id -gn);"
until_true test -e "$work/nginx/pid"
start "$work/output" "$program" cache --addr 127.0.0.1:0 "http://127.0.0.1:$port"
until_true is_listening "$work/output"

front() { fetch --compressed "$@" "$(listening "$work/output")/file.html"; }
publish v1 2020-01-01
row 'what it has not stored' '200 v1 / 200' "$(front)"
row 'unchanged' '200 v1 / 304' "$(front)"
row 'unchanged, once more' '200 v1 / 304' "$(front)"
publish v2 2020-01-02
row 'changed' '200 v2 / 200' "$(front)"
row 'unchanged' '200 v2 / 304' "$(front)"
