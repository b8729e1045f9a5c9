.ci/debian chromium
npm_package playwright-core@1.65.1
serve --dir "$files"
start_driver node tests/clients/chromium.cjs "$(command -v chromium)"

page() { # text: an icon of its own, so that the browser asks for no other
    echo "<!doctype html><title>$1</title><link rel=icon href=data:,><p>$1</p>"
}

publish "$(page v1)" 2020-01-01
row 'load' '200 v1 / 200' "$(ask load "$origin/file.html")"
row 'reload' '304 v1 / 304' "$(ask reload)"
publish "$(page v1)" 2020-01-02
row 'reload, touched but the same' '304 v1 / 304' "$(ask reload)"
publish "$(page v2)" 2020-01-03
row 'reload, changed' '200 v2 / 200' "$(ask reload)"
row 'reload' '304 v2 / 304' "$(ask reload)"
row 'hard reload' '200 v2 / 200' "$(ask hard-reload)"
