# nginx, as the suite configures it. On $port, files in $work/nginx.
debian nginx nginx
cat > "$work/nginx/nginx.conf" <<CONF
daemon off;
pid pid;
events { worker_connections 1024; }
http {
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    access_log off;
    proxy_cache_path stored levels=1:2 keys_zone=stored:8m max_size=1000m inactive=600m;
    server {
        listen 127.0.0.1:$port;
        location / {
            proxy_pass http://127.0.0.1:$origin;
            proxy_cache stored;
            proxy_cache_revalidate on;
        }
    }
}
CONF
start "$work/nginx/log" nginx -p "$work/nginx" -e errors -c nginx.conf -g "user $(id -un) $(id -gn);"
