.ci/debian wget
serve --dir "$files"
copy=$work/copy/file.html

# The status of the last response, and what the copy has then.
get() {
    local status
    status=$(wget -S -P "$work/copy" "$@" "$origin/file.html" 2>&1 | sed -n 's/^ *HTTP\/1.1 \([0-9]*\).*/\1/p' | tail -n 1)
    echo "$status $(cat "$copy")"
}

publish v1 2020-01-01
row '-N' '200 v1 / 200' "$(get -N)"
row '-N, unchanged' '304 v1 / 304' "$(get -N)"
publish v2 2020-01-02
row '-N, changed' '200 v2 / 200' "$(get -N)"
row '-N, unchanged' '304 v2 / 304' "$(get -N)"
# What a date cannot tell, and an entity tag could.
publish v3 2020-01-01
row '-N, an older file put in its place' '304 v2 / 304' "$(get -N)"
publish v4 2020-01-03
row '-N --no-if-modified-since, changed: HEAD and GET' '200 v4 / 200 200' "$(get -N --no-if-modified-since)"
row '-N --no-if-modified-since, unchanged: HEAD' '200 v4 / 200' "$(get -N --no-if-modified-since)"

head -c 2 "$files/file.html" > "$copy"
row '-c, after a cut' '206 v4 / 206' "$(get -c)"
row '-c, of what is complete' '416 v4 / 416' "$(get -c)"
