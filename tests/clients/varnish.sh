.ci/debian curl
.ci/debian varnishd -- varnish
. tests/clients/in-front.sh
serve --dir "$files"

sed "s/@PORT@/${origin##*:}/" tests/clients/default.vcl > "$work/default.vcl"
start "$work/output" varnishd -F -j none -n "$work/varnish" -f "$work/default.vcl" -a "$work/socket" -s malloc,16m
until_true grep -q '^Child launched OK' "$work/output"

front() { fetch --unix-socket "$work/socket" "$@" http://localhost/file.html; }
validates

# In its grace a stale response is given away at once, and validated after that.
in_grace() { # what, expected of the client and of the server
    local answer
    answer=$(fetch --unix-socket "$work/socket" http://localhost/file.html?grace)
    until_true is_fetched
    row "$1" "$2" "$answer"
}
# Whether the server was asked, and no fetch is under way any more.
is_fetched() {
    [ "$(logged)" != - ] && varnishstat -n "$work/varnish" -1 -f MEMPOOL.busyobj.live | grep -q 'live *0 '
}

in_grace 'in grace, what it has not stored' '200 v3 / 200'
in_grace 'in grace, unchanged' '200 v3 / 304'
publish v4 2020-01-05
in_grace 'in grace, changed: the old one, once more' '200 v3 / 200'
in_grace 'in grace, changed before' '200 v4 / 304'
