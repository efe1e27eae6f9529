#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes fuzz/corpus/{websocket_server,websocket_client,http_server,http_client}: what good peers say.

Each begins with the two choices of its target: how, and how many bytes at a time (0: all).
"""
import pathlib, zlib

HERE = pathlib.Path(__file__).resolve().parent
UPGRADE = (b"GET /feed HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
DEFLATE = b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=9\r\n\r\n"
HESITATES, UPGRADED, ECHOES, DEFLATES, LEAVES = 1, 2, 4, 8, 16


def frame(first, payload=b"", mask=b"\x11\x22\x33\x44"):
    size = len(payload)
    head = bytes([first, 0x80 | size]) if size < 126 else bytes([first, 0xFE]) + size.to_bytes(2, "big")
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def deflated(plain):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (packer.compress(plain) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


CLOSE = frame(0x88, (1000).to_bytes(2, "big") + b"bye")
WEBSOCKET = {
    "text": (UPGRADED | ECHOES, 0, frame(0x81, b'{"type":"subscribe"}') + CLOSE),
    "fragments": (UPGRADED, 3, frame(0x01, b"\xe2\x82") + frame(0x89, b"ping") +
                  frame(0x80, b"\xac") + frame(0x8A) + CLOSE),
    "binary": (UPGRADED | HESITATES, 0, frame(0x82, bytes(range(256))) * 3),
    "unmasked": (UPGRADED, 0, b"\x81\x01x"),
    "long": (UPGRADED, 0, frame(0x81, b"x" * 1990) + frame(0x81, b"y" * 2001)),
    "deflated": (UPGRADED | DEFLATES | ECHOES, 0, frame(0xC1, deflated(b"hello hello hello" * 20)) * 2 + CLOSE),
    "bomb": (UPGRADED | DEFLATES, 0, frame(0xC1, deflated(b"x" * 100000))),
    "deflated_fragments": (UPGRADED | DEFLATES, 5, frame(0x41, deflated(b"abc" * 30)[:5]) +
                           frame(0x80, deflated(b"abc" * 30)[5:])),
    "leaves": (UPGRADED | ECHOES | LEAVES, 0, frame(0x81, b"x" * 1000)),
    "upgrade": (ECHOES, 0, UPGRADE + b"\r\n" + frame(0x81, b"early")),
    "upgrade_deflate": (ECHOES, 7, UPGRADE + DEFLATE + frame(0xC1, deflated(b"early")) + CLOSE),
    "upgrade_bad": (0, 0, UPGRADE.replace(b"13", b"8") + b"\r\n"),
    "request": (0, 0, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + UPGRADE + b"\r\n"),
}
def plain(first, payload=b""):
    size = len(payload)
    return bytes([first, size] if size < 126 else [first, 126, size >> 8, size & 0xFF]) + payload


PAUSES, AT_ONCE = 1, 2
MESSAGE = plain(0x81, b'{"type":"match","trade_id":7,"price":"400.23"}')
GOODBYE = plain(0x88, (1001).to_bytes(2, "big") + b"bye")
SERVER = {
    "many": (0, 0, MESSAGE * 9 + GOODBYE),
    "at_once": (AT_ONCE, 0, MESSAGE * 3 + plain(0x82, bytes(range(256))) + MESSAGE),
    "paused": (PAUSES | AT_ONCE, 0, MESSAGE + plain(0x89, b"ping") + MESSAGE * 2),
    "cut": (PAUSES, 7, MESSAGE * 3 + plain(0x8A)),
    "utf8": (AT_ONCE, 0, MESSAGE + plain(0x81, "400,23 \u20ac".encode()) + MESSAGE + plain(0x81, b"\xc0\x80")),
    "fragments": (AT_ONCE, 0, MESSAGE + plain(0x01, b"\xe2\x82") + plain(0x89, b"ping") +
                  plain(0x80, b"\xac") + MESSAGE),
    "unfinished": (AT_ONCE, 0, plain(0x01, b"\xe2\x82") + plain(0x80) + MESSAGE),
    "long": (AT_ONCE, 0, plain(0x81, b"x" * 2000) + MESSAGE + plain(0x82, b"y" * 2001) + MESSAGE),
    "not_shortest": (AT_ONCE, 0, MESSAGE + b"\x81\x7e\x00\x01x" + MESSAGE),
    "masked": (0, 0, MESSAGE + frame(0x81, b"x")),
    "empty": (AT_ONCE, 0, plain(0x81) * 3 + plain(0x82) + plain(0x01) + plain(0x80)),
}
REQUESTS = {
    "get": (0, 0, b"GET /a?b=c HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n" * 2),
    "head": (1, 5, b"HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.0\r\n\r\n"),
    "post": (0, 0, b"POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nbodyGET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
    "chunked": (1, 1, b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=\"y\"\r\nabc\r\n0\r\nT: u\r\n\r\n"),
    "chunked_empty": (0, 1, b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "body_beyond": (0, 0, b"POST / HTTP/1.1\r\nContent-Length: 501\r\n\r\n"),
    "head_beyond": (0, 0, b"GET / HTTP/1.1\r\nX: " + b"x" * 1000 + b"\r\n\r\n"),
    "both": (0, 0, b"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "upgrade": (0, 0, UPGRADE + b"\r\nGET / HTTP/1.1\r\n\r\n"),
    "upgrade_body": (0, 0, UPGRADE + b"Content-Length: 4\r\n\r\nbody"),
}
OK = b"HTTP/1.1 200 OK\r\n"
ANSWERS = {
    "length": (0, 0, OK + b"Content-Length: 5\r\n\r\nhello"),
    "kept": (0, 38, (OK + b"Content-Length: 0\r\n\r\n") * 3),
    "chunked": (2, 1, OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
    "chunked_empty": (0, 1, OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "to_the_end": (0, 0, OK + b"\r\nhello"),
    "head": (0x15, 0, OK + b"Content-Length: 5\r\n\r\n"),
    "interim": (0, 0, b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK + b"Content-Length: 0\r\n\r\n"),
    "closes": (0, 0, b"HTTP/1.1 503 Busy\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"),
    "beyond": (0, 0, OK + b"Content-Length: 501\r\n\r\n"),
    "none": (0, 0, b"SSH-2.0-OpenSSH_9.2\r\n\r\n"),
}


def main():
    for name, seeds in (("websocket_server", WEBSOCKET), ("websocket_client", SERVER),
                        ("http_server", REQUESTS), ("http_client", ANSWERS)):
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        for seed, (how, pieces, said) in seeds.items():
            (folder / seed).write_bytes(bytes([how, pieces]) + said)


main()
