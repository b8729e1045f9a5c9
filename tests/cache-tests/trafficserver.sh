# Apache Traffic Server, as the suite configures it where that makes a difference. On $port, files
# in $work/trafficserver.
debian traffic_server trafficserver
ats=$work/trafficserver
# It does not run as root.
user=$(id -un)
[ "$user" != root ] || user=trafficserver
mkdir -p "$ats"/{etc,cache,log,run}
cp -r /etc/trafficserver/. "$ats/etc"
cat > "$ats/etc/records.config" <<CONF
CONFIG proxy.config.http.server_ports STRING $port:ip-in=127.0.0.1
CONFIG proxy.config.http.insert_request_via_str INT 1
CONFIG proxy.config.http.insert_response_via_str INT 0
CONFIG proxy.config.http.cache.http INT 1
CONFIG proxy.config.http.cache.required_headers INT 0
CONFIG proxy.config.reverse_proxy.enabled INT 1
CONFIG proxy.config.url_remap.remap_required INT 1
CONFIG proxy.config.admin.user_id STRING $user
CONFIG proxy.config.diags.output.status STRING L
CONF
echo "map / http://127.0.0.1:$origin/" > "$ats/etc/remap.config"
echo "$ats/cache 64M" > "$ats/etc/storage.config"
cat > "$ats/runroot.yaml" <<CONF
prefix: /usr
exec_prefix: /usr
bindir: /usr/bin
sbindir: /usr/sbin
sysconfdir: $ats/etc
datadir: /usr/share/trafficserver
includedir: /usr/include
libdir: /usr/lib/trafficserver
libexecdir: /usr/lib/trafficserver/modules
localstatedir: $ats
runtimedir: $ats/run
logdir: $ats/log
cachedir: $ats/cache
mandir: /usr/share/man
infodir: /usr/share/info
CONF
[ "$user" = "$(id -un)" ] || { chmod 711 "$work" && chown -R "$user" "$ats"; }
start "$ats/output" traffic_server --run-root="$ats/runroot.yaml"
