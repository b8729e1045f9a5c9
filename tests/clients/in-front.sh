# Sourced for each cache that stands between client and server: what both see of it when all that
# it has stored is stale. `front`, with options of curl, is a request to it.

# Writes curl's status, and the content where there is some.
fetch() {
    local status
    status=$(curl -sS -o "$work/out" -w '%{http_code}' "$@")
    [ "$status" != 200 ] || status="$status $(cat "$work/out")"
    echo "$status"
}

validates() {
    publish v1 2020-01-01
    row 'what it has not stored' '200 v1 / 200' "$(front --etag-save "$work/v1")"
    row 'unchanged' '200 v1 / 304' "$(front)"
    row 'unchanged, the client has it, by its tag' '304 / 304' "$(front --etag-compare "$work/v1")"
    row 'unchanged, the client has it, by its date' '304 / 304' "$(front -z 'Wed, 01 Jan 2020 00:00:00 GMT')"
    row 'unchanged, the client has another, by its tag' '200 v1 / 304' "$(front -H 'If-None-Match: "other"')"
    publish v2 2020-01-02
    row 'changed' '200 v2 / 200' "$(front)"
    row 'unchanged, for another client' '200 v2 / 304' "$(front)"
    row 'unchanged, the client has the old one' '200 v2 / 304' \
        "$(front --etag-compare "$work/v1" --etag-save "$work/v2")"
    row 'unchanged, the client has the new one' '304 / 304' "$(front --etag-compare "$work/v2")"
    publish v3 2020-01-03
    row 'changed, the client has the old one' '200 v3 / 200' "$(front --etag-compare "$work/v2")"
    publish v3 2020-01-04
    row 'touched but the same' '200 v3 / 304' "$(front)"
}
