.ci/debian curl nginx
. tests/clients/in-front.sh
serve --dir "$files"

mkdir "$work/nginx"
sed "s|@ORIGIN@|$origin|; s|@SOCKET@|$work/socket|" tests/clients/nginx.conf > "$work/nginx/nginx.conf"
start "$work/nginx/output" nginx -p "$work/nginx" -e errors -c nginx.conf -g "user $(id -un) $(id -gn);"
until_true test -e "$work/nginx/pid"

# What is stored is fresh for a second, as nginx knows nothing shorter: until then it is a HIT, of
# which the server learns nothing.
front() {
    until_true was_stale "$@" && cat "$work/answer"
}
was_stale() {
    fetch --unix-socket "$work/socket" -D "$work/head" "$@" http://localhost/file.html > "$work/answer"
    ! grep -qi '^x-cache: HIT' "$work/head"
}
validates
