"""Slow and broken clients, until the time is over: `clients.py HOST PORT SECONDS`.

They send half of a head and wait, half of a content, rubbish, nothing; they take nothing of a large
response, or go away in the middle of one. None of them may keep others from being answered.
"""

import random
import socket
import sys
import threading
import time

HOST, PORT, SECONDS = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
END = time.monotonic() + SECONDS


def connect():
    return socket.create_connection((HOST, PORT), timeout=20)


def half_a_head(s):
    s.sendall(b"GET /file.bin HTTP/1.1\r\nHost: localhost\r\nX-")
    s.recv(1000)


def a_head_byte_by_byte(s):
    for byte in b"GET /file.bin HTTP/1.1\r\nHost: localhost\r\n" * 10:
        s.sendall(bytes([byte]))
        time.sleep(0.3)


def half_a_content(s):
    s.sendall(b"PUT /slow.bin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n")
    s.sendall(b"x" * random.randrange(1000))
    s.recv(1000)


def rubbish(s):
    s.sendall(random.randbytes(random.randrange(1, 5000)))
    s.recv(1000)


def nothing(s):
    s.recv(1000)


def takes_nothing(s):
    s.sendall(b"GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
    time.sleep(random.randrange(10))


def goes_away(s):
    s.sendall(b"GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
    s.recv(1000)


def writes(s):
    content = b"x" * random.randrange(100000)
    head = b"PUT /written.bin HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
    s.sendall(head % len(content) + content)
    if not s.recv(1000).startswith(b"HTTP/1.1 20"):
        raise AssertionError("a write was not answered 201 or 204")


FAILED = []


def run(behave):
    while time.monotonic() < END:
        try:
            with connect() as s:
                s.settimeout(max(1, min(20, END - time.monotonic())))
                behave(s)
        except AssertionError as error:
            FAILED.append(error)
        except OSError:
            pass
        time.sleep(0.05)


KINDS = [half_a_head, a_head_byte_by_byte, half_a_content, rubbish, nothing, takes_nothing, goes_away, writes]
threads = [threading.Thread(target=run, args=[kind]) for kind in KINDS * 4]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
if FAILED:
    sys.exit(f"{len(FAILED)}: {FAILED[0]}")
