.ci/debian curl
serve --dir "$files"

status() { curl -sS -o "$work/out" -w '%{http_code}' "$@"; }
versions() { # writes 4 MiB that differ everywhere from those of another letter
    head -c 4194304 /dev/zero | tr '\0' "$1" > "$file"
}
compare() { cmp -s "$1" "$2" && echo same || echo different; }

file=$files/file.bin
versions a
touch -d '2020-01-01 00:00:00 UTC' "$file"
url=$origin/file.bin

row 'curl' '200 / 200' "$(status "$url")"
row '-z DATE, the date of the file' '304 / 304' "$(status -z 'Wed, 01 Jan 2020 00:00:00 GMT' "$url")"
row '-z DATE, a second before' '200 / 200' "$(status -z 'Tue, 31 Dec 2019 23:59:59 GMT' "$url")"
# A second later than the file: of the very second, curl itself says that it is not old enough.
row '-z -DATE, unmodified since' '200 / 200' "$(status -z '-Wed, 01 Jan 2020 00:00:01 GMT' "$url")"
# Of the Last-Modified in the 412, curl itself says 304: the file is newer than was asked for.
row '-z -DATE, modified since' '304 / 412' "$(status -z '-Tue, 31 Dec 2019 23:59:59 GMT' "$url")"
row '-R, which keeps the date' '200 / 200' "$(curl -sS -R -o "$work/copy" -w '%{http_code}' "$url")"
row '-z FILE, that copy' '304 / 304' "$(status -z "$work/copy" "$url")"

# A file that has just changed has a weak tag, of its times: a second write might share them.
settle() { sleep 2.2; }
settle
row '--etag-save' '200 / 200' "$(status --etag-save "$work/etag" "$url")"
row '--etag-compare' '304 / 304' "$(status --etag-compare "$work/etag" "$url")"
touch -d '2020-01-02 00:00:00 UTC' "$file"
settle
row '--etag-compare, touched but the same' '304 / 304' "$(status --etag-compare "$work/etag" "$url")"
# As a cache does that compresses.
sed 's/^/W\//' "$work/etag" > "$work/weak"
row '--etag-compare, made weak on the way' '304 / 304' "$(status --etag-compare "$work/weak" "$url")"
versions b
settle
row '--etag-compare, changed' '200 / 200' "$(status --etag-compare "$work/etag" --etag-save "$work/etag" "$url")"
row '--etag-compare, the new one' '304 / 304' "$(status --etag-compare "$work/etag" "$url")"

etag=$(cat "$work/etag")
curl -sS "$url" 2> /dev/null | head -c 1000000 > "$work/resumed" || true
row 'a download, cut off' '1000000 / 200' "$(stat -c %s "$work/resumed")"
resume() { curl -sS -C - -o "$work/resumed" -w '%{http_code}' "$@" "$url" 2> /dev/null; }
row '-C -' '206 / 206' "$(resume)"
row '  the bytes are right' 'same / -' "$(compare "$work/resumed" "$file")"
row '-C -, of what is complete' '416 / 416' "$(resume || true)"
row '  nothing was added to it' 'same / -' "$(compare "$work/resumed" "$file")"

head -c 1000000 "$file" > "$work/resumed"
row '-C - with If-Range, unchanged' '206 / 206' "$(resume -H "If-Range: $etag")"
row '  the bytes are right' 'same / -' "$(compare "$work/resumed" "$file")"
head -c 1000000 "$file" > "$work/resumed"
cp "$work/resumed" "$work/before"
versions c
# curl sees that it is not the rest that comes, and stops: exit status 33.
code=$(resume -H "If-Range: $etag") && exit=0 || exit=$?
row '-C - with If-Range, changed in between' '200, exit 33 / 200' "$code, exit $exit"
row '  two versions were not glued together' 'same / -' "$(compare "$work/resumed" "$work/before")"
# Without If-Range a client has no protection: this is what it is there for.
row '-C - without If-Range, changed in between' '206 / 206' "$(resume)"

row '-r, two ranges' '206 / 206' "$(status -r 0-9,4000000-4000009 "$url")"
row '-I' '200 / 200' "$(status -I "$url")"
row 'curl, once more on the same server' '200 / 200' "$(status "$url")"
