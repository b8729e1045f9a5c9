# The table: a row for each request, with what the client reports and what the server logged.
#
# The server logs a request before it answers it: when a client has its answer, the line is there.

columns='%-17s  %-50s  %-26s  %-26s  %s\n'
heading() { printf "$columns" client request 'expected: client / server' 'seen: client / server' ''; }

lines_before=0
row() { # what, expected of the client and of the server, what the client reports
    local seen verdict=ok
    seen="$3 / $(logged)"
    lines_before=$(lines)
    [ "$2" = "$seen" ] || verdict=WRONG
    echo $verdict >> "$base/verdicts"
    printf "$columns" "$client" "$1" "$2" "$seen" $verdict
}

lines() { wc -l < "$work/log"; }

# The statuses that the server has logged since the row before; `-` for none.
logged() {
    local statuses
    statuses=$(sed -n "$((lines_before + 1)),\$s/^[A-Z]* [^ ]* \([0-9]*\).*/\1/p" "$work/log")
    echo ${statuses:--}
}

summary() {
    local passed failed
    passed=$(grep -c '^ok$' "$base/verdicts" || true)
    failed=$(grep -c '^WRONG$' "$base/verdicts" || true)
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
