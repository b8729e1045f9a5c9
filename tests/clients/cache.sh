.ci/debian curl
. tests/clients/in-front.sh
serve --dir "$files"
start "$work/output" "$program" cache --addr 127.0.0.1:0 "$origin"
until_true is_listening "$work/output"

front() { fetch "$@" "$(listening "$work/output")/file.html"; }
validates

# More of it: curl in front of it, in front of a server of its own.
quietly cargo test --test cache -- --ignored && code=0 || code=$?
row 'cargo test --test cache -- --ignored' 'exit 0 / -' "exit $code"
