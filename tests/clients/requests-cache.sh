pypi requests-cache==1.3.3
serve --dir "$files"
start_driver "$python" tests/clients/requests-cache.py

publish v1 2020-01-01
row 'what it has not stored' '200 v1, received / 200' "$(ask "$origin/file.html")"
row 'unchanged' '200 v1, stored / 304' "$(ask "$origin/file.html")"
publish v1 2020-01-02
row 'touched but the same' '200 v1, stored / 304' "$(ask "$origin/file.html")"
publish v2 2020-01-03
row 'changed' '200 v2, received / 200' "$(ask "$origin/file.html")"
row 'unchanged' '200 v2, stored / 304' "$(ask "$origin/file.html")"
