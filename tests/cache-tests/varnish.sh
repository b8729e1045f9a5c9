# Varnish with its built-in rules. On $port, files in $work/varnish.
debian varnishd varnish
start "$work/varnish/log" varnishd -F -n "$work/varnish/state" -a "127.0.0.1:$port" \
    -b "127.0.0.1:$origin" -s malloc,64m
