# SPDX-License-Identifier: Apache-2.0
"""A client of the push stream that knows nothing of the program's code: RFC 6455 over a socket."""
import base64, json, os, socket, struct, time


class Closed(Exception):
    def __init__(self, code):
        super().__init__(f"closed with {code}")
        self.code = code


class StreamClient:
    def __init__(self, address, headers=(), path="/api/v1/stream", receive_bytes=None):
        host, port = address.rsplit(":", 1)
        self.socket = socket.socket()
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.settimeout(30)
        self.socket.connect((host, int(port)))
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        headers = dict(headers)
        headers.setdefault("Host", address)
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.bytes = b""
        while b"\r\n\r\n" not in self.bytes:
            self._read()
        head, self.bytes = self.bytes.split(b"\r\n\r\n", 1)
        self.status = int(head.split()[1])

    def _read(self):
        got = self.socket.recv(1 << 16)
        if not got:
            raise Closed(None)
        self.bytes += got

    def _frame(self):
        """(opcode, payload) of the next frame when it is there, or None."""
        data = self.bytes
        if len(data) < 2:
            return None
        size, at = data[1] & 127, 2
        if size == 126:
            size, at = int.from_bytes(data[2:4], "big"), 4
        elif size == 127:
            size, at = int.from_bytes(data[2:10], "big"), 10
        if len(data) < at + size:
            return None
        self.bytes = data[at + size:]
        return data[0] & 15, data[at:at + size]

    def _send(self, opcode, payload):
        size = len(payload)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        else:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        self.socket.sendall(head + bytes(4) + payload)

    def say(self, **request):
        self._send(1, json.dumps(request).encode())

    def subscribe(self, *topics, **more):
        self.say(op="subscribe", topics=list(topics), **more)

    def receive(self, seconds=30):
        """The next message, or None when none comes in time."""
        end = time.monotonic() + seconds
        while True:
            while (frame := self._frame()) is None:
                left = end - time.monotonic()
                if left <= 0:
                    return None
                self.socket.settimeout(left)
                try:
                    self._read()
                except TimeoutError:
                    return None
            opcode, payload = frame
            if opcode == 8:
                raise Closed(int.from_bytes(payload[:2], "big") if payload else None)
            if opcode == 9:
                self._send(10, payload)
            elif opcode == 1:
                return json.loads(payload)

    def wait(self, condition, seconds=30):
        """The first message for which it holds."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            message = self.receive(left)
            if message is not None and condition(message):
                return message
        raise AssertionError(f"no such message within {seconds} s")

    def close(self):
        self.socket.close()
