vcl 4.1;

backend origin {
    .host = "127.0.0.1";
    .port = "@PORT@";
}

# As good as stale at once, so that each request shows how it is validated; with no lifetime at
# all Varnish would not look at it again.
sub vcl_backend_response {
    set beresp.ttl = 1ms;
    set beresp.keep = 1h;
    if (bereq.url ~ "\?grace$") {
        set beresp.grace = 1h;
    } else {
        set beresp.grace = 0s;
    }
    return (deliver);
}
