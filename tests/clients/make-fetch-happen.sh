npm_package make-fetch-happen@15.0.6
serve --dir "$files"
start_driver node tests/clients/make-fetch-happen.cjs "$work/stored"

publish v1 2020-01-01
row 'what it has not stored' '200 v1, miss / 200' "$(ask "$origin/file.html")"
row 'unchanged' '200 v1, revalidated / 304' "$(ask "$origin/file.html")"
publish v1 2020-01-02
row 'touched but the same' '200 v1, revalidated / 304' "$(ask "$origin/file.html")"
publish v2 2020-01-03
row 'changed' '200 v2, updated / 200' "$(ask "$origin/file.html")"
row 'unchanged' '200 v2, revalidated / 304' "$(ask "$origin/file.html")"
