# What a client starts, and what its end stops.

# A proxy is not for what is on this machine.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost
# Not the user's settings; and nothing waits for ever.
export CURL_HOME=$base WGETRC=$base/.wgetrc
echo 'max-time = 60' > "$base/.curlrc"
printf '%s\n' 'timeout = 60' 'tries = 1' > "$base/.wgetrc"

stop_at_exit() {
    started=()
    trap stop EXIT
}
stop() {
    local process
    for process in "${started[@]}"; do
        kill "$process" 2> /dev/null || true
        wait "$process" 2> /dev/null || true
    done
}

start() { # output, command
    "${@:2}" > "$1" 2>&1 < /dev/null &
    started+=($!)
}

# Waits until the command succeeds; only a failing run waits that long.
until_true() { # command
    local attempt
    for attempt in $(seq 300); do
        if "$@"; then return; fi
        sleep 0.1
    done
    echo "$client: gave up waiting for: $*" >&2
    return 1
}

listening() { sed -n 's/^listening on //p' "$1"; } # log
is_listening() { [ -n "$(listening "$1")" ]; }

# The server, on $origin; it logs to $work/log.
serve() { # options
    start "$work/log" "$program" serve --etag digest --addr 127.0.0.1:0 "$@"
    until_true is_listening "$work/log"
    origin=$(listening "$work/log")
}

# Makes the text the server's /file.html, all at once, as of midnight of that day.
publish() { # text, YYYY-MM-DD
    printf '%s\n' "$1" > "$work/new"
    touch -d "$2 00:00:00 UTC" "$work/new"
    mv "$work/new" "$files/file.html"
}

# A client that keeps what it stores in memory: it reads a line for each request, and answers each
# with a line.
start_driver() { # command
    coproc driver { TMPDIR=$work exec "$@"; }
    started+=("$driver_PID")
}
ask() { # request
    local answer
    echo "$*" >&"${driver[1]}"
    read -r -t 60 answer <&"${driver[0]}"
    echo "$answer"
}
