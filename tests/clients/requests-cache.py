"""Requests the URLs that it reads, one a line, through one cache of requests-cache."""

import sys

from requests_cache import CachedSession

session = CachedSession(backend="memory", cache_control=True)
session.trust_env = False
for url in sys.stdin:
    response = session.get(url.strip(), timeout=30)
    source = "stored" if response.from_cache else "received"
    print(f"{response.status_code} {response.text.strip()}, {source}", flush=True)
