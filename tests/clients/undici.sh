.ci/debian curl
npm_package undici@7.30.2
serve
start_driver node tests/clients/undici.cjs

replace() { curl -sS -o "$work/out" -w '%{http_code}' -X PUT --data-binary "$1" "$origin/news"; }

row 'somebody writes' '204 / 204' "$(replace v1)"
row 'what it has not stored' '200 v1 / 200' "$(ask "$origin/news")"
row 'fresh' '200 v1 / -' "$(ask "$origin/news")"
row 'no-cache, unchanged' '200 v1 / 304' "$(ask "$origin/news" no-cache)"
# undici 7 drops what it has stored when the 304 to it has a Cache-Control, which it has to have.
row 'dropped after the 304' '200 v1 / 200' "$(ask "$origin/news")"
row 'fresh' '200 v1 / -' "$(ask "$origin/news")"
row 'somebody writes' '204 / 204' "$(replace v2)"
row 'no-cache, changed' '200 v2 / 200' "$(ask "$origin/news" no-cache)"
row 'no-cache, unchanged' '200 v2 / 304' "$(ask "$origin/news" no-cache)"
