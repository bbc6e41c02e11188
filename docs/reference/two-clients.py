#!/usr/bin/env python3
"""Two people chat over a Loquat server: plain sockets and the standard library, written from protocol.md.

    loquat-server --dev > console.txt &
    python3 two-clients.py --server http://127.0.0.1:8080 --console console.txt

Signs two people in with the codes that the server prints, lets each write to the other, edit what was written and react
to it, cuts one socket without a word, writes to the one who is away, and lets them come back with a cursor: they must get
exactly what they missed.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import secrets
import socket
import struct
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

DEADLINE_S = 20
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


class Failed(Exception):
    """Something the page promises did not happen."""


def call(server, method, path, token=None, body=None, headers=()):
    """One REST request; the answer's JSON, or Failed with the problem document."""
    request = urllib.request.Request(server + path, method=method)
    request.add_header("Content-Type", "application/json")
    for name, value in headers:
        request.add_header(name, value)
    if token:
        request.add_header("Authorization", "Bearer " + token)
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, data, timeout=DEADLINE_S) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        raise Failed(f"{method} {path}: {error.code} {error.read().decode()}") from None
    return json.loads(text) if text else None


def printed_code(console, email, start):
    """The code of the mail to this address that is printed after `start` bytes of the console's output."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        with open(console, encoding="utf-8", errors="replace") as output:
            output.seek(start)
            mail = output.read().rpartition("To: " + email)[2] if os.path.getsize(console) > start else ""
        code = re.search(r"(?<![\w#])(\d{6})(?!\w)", mail.partition("\n\n")[2])
        if code:
            return code.group(1)
        time.sleep(0.05)
    raise Failed(f"no code for {email} was printed")


class Socket:
    """A WebSocket client: the handshake and the frames of RFC 6455 that the protocol uses."""

    def __init__(self, server, token):
        address = urllib.parse.urlsplit(server)
        self.stream = socket.create_connection((address.hostname, address.port or 80), DEADLINE_S)
        self.received = b""
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        lines = [
            "GET /v1/socket HTTP/1.1",
            f"Host: {address.netloc}",
            f"Authorization: Bearer {token}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Protocol: loquat.v1",
        ]
        self.stream.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.received:
            self._fill()
        head, self.received = self.received.split(b"\r\n\r\n", 1)
        status, *fields = head.decode().split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        magic = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()
        accept = base64.b64encode(hashlib.sha1(magic).digest()).decode()
        if " 101 " not in status + " " or headers.get("sec-websocket-accept") != accept:
            raise Failed(f"no upgrade: {head.decode()}")
        if headers.get("sec-websocket-protocol") != "loquat.v1":
            raise Failed("the server did not name the subprotocol")

    def send(self, frame):
        self._send(TEXT, json.dumps(frame).encode())

    def next(self):
        """The next frame of the protocol; answers pings on the way."""
        parts = b""
        while True:
            first, second = self._take(2)
            length = second & 0x7F
            if length == 126:
                (length,) = struct.unpack("!H", self._take(2))
            elif length == 127:
                (length,) = struct.unpack("!Q", self._take(8))
            payload, kind = self._take(length), first & 0x0F
            if kind == PING:
                self._send(PONG, payload)
            elif kind == CLOSE:
                raise Failed(f"the server closed: {payload[:2].hex()} {payload[2:].decode()}")
            elif kind in (0, TEXT):
                parts += payload
                if first & 0x80:
                    return json.loads(parts)

    def cut(self):
        """Ends without a word, as a lost network does."""
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.stream.close()

    def _send(self, kind, payload):
        length = len(payload)
        if length < 126:
            head = struct.pack("!BB", 0x80 | kind, 0x80 | length)
        elif length < 65536:
            head = struct.pack("!BBH", 0x80 | kind, 0x80 | 126, length)
        else:
            head = struct.pack("!BBQ", 0x80 | kind, 0x80 | 127, length)
        mask = secrets.token_bytes(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self.stream.sendall(head + mask + masked)

    def _take(self, length):
        while len(self.received) < length:
            self._fill()
        taken, self.received = self.received[:length], self.received[length:]
        return taken

    def _fill(self):
        more = self.stream.recv(65536)
        if not more:
            raise Failed("the connection ended")
        self.received += more


class Person:
    """A signed-in person with a socket, an outbox of one, and a copy of each conversation."""

    def __init__(self, server, console, email):
        self.server, self.email, self.logs, self.socket = server, email, {}, None
        start = os.path.getsize(console)
        request = call(server, "POST", "/v1/auth/code", body={"email": email})["request"]
        code = printed_code(console, email, start)
        device = {"name": "two-clients.py", "system": sys.platform}
        grant = {"grant": "code", "request": request, "code": code, "device": device}
        tokens = call(server, "POST", "/v1/auth/token", body=grant)
        self.token, self.id = tokens["access_token"], tokens["user"]

    def connect(self):
        """Opens a socket and says where this client stopped."""
        self.socket = Socket(self.server, self.token)
        cursors = []
        for conversation, log in self.logs.items():
            if log["entries"]:
                last = log["entries"][-1]
                cursor = {"epoch": log["epoch"], "seq": last["seq"], "client_id": last["client_id"]}
                cursors.append({"conversation": conversation, **cursor})
        self.socket.send({"type": "hello", "id": 1, "cursors": cursors})
        welcome = self.await_frame(lambda frame: frame["type"] == "welcome")
        if welcome["user"] != self.id:
            raise Failed("welcomed as somebody else")
        return welcome

    def await_frame(self, wanted):
        """Takes frames in, until one is wanted."""
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            frame = self.socket.next()
            self._take_in(frame)
            if wanted(frame):
                return frame
        raise Failed(f"{self.email} waited in vain")

    def write(self, conversation, body):
        """Sends a message and waits until it is stored."""
        return self._store("send", conversation, body=body)

    def edit(self, message, body):
        """Writes one's own message anew."""
        return self._store("edit", message["conversation"], target=message["seq"], body=body)

    def react(self, message, emoji):
        """Puts an emoji beside a message."""
        return self._store("react", message["conversation"], target=message["seq"], emoji=emoji, on=True)

    def message(self, conversation, seq):
        """What a message looks like after everything that was done to it: its text, and the emoji beside it by person."""
        text, written, reactions = None, 0, {}
        for entry in self.logs[conversation]["entries"]:
            if entry["seq"] == seq and entry["kind"] == "message":
                text = entry["body"]
            elif entry.get("target") == seq and entry["kind"] == "edit" and entry["seq"] > written:
                text, written = entry["body"], entry["seq"]
            elif entry.get("target") == seq and entry["kind"] == "react":
                reactions[(entry["emoji"], entry["author"])] = entry["on"]
        return text, [reaction for reaction, on in reactions.items() if on]

    def _store(self, kind, conversation, **what):
        """Sends a frame that becomes an entry, and waits until it is stored."""
        frame = {"type": kind, "id": secrets.randbelow(2**31), "conversation": conversation, **what}
        self.socket.send({**frame, "client_id": "m_" + secrets.token_hex(16)})
        answer = self.await_frame(lambda came: came.get("id") == frame["id"] and came["type"] in ("ack", "refused"))
        if answer["type"] != "ack":
            raise Failed(f"refused: {answer}")
        return answer["entry"]

    def await_entry(self, entry):
        """Waits until the copy of its conversation reaches this entry."""
        def is_there():
            return entry in self.logs.get(entry["conversation"], {"entries": []})["entries"]
        if not is_there():
            self.await_frame(lambda _: is_there())

    def _take_in(self, frame):
        if frame["type"] == "truncated":
            self.logs[frame["conversation"]] = {"epoch": frame["epoch"], "entries": frame["entries"]}
        elif frame["type"] == "entry":
            entry = frame["entry"]
            log = self.logs.setdefault(entry["conversation"], {"epoch": frame["epoch"], "entries": []})
            expected = log["entries"][-1]["seq"] + 1 if log["entries"] else entry["seq"]
            if entry["seq"] != expected:
                raise Failed(f"{self.email} got seq {entry['seq']} instead of {expected}")
            log["entries"].append(entry)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--server", required=True, help="base address, such as http://127.0.0.1:8080")
    arguments.add_argument("--console", required=True, help="file with what the server prints, where the codes are")
    given = arguments.parse_args()

    name = secrets.token_hex(4)
    clara = Person(given.server, given.console, f"clara-{name}@example.org")
    david = Person(given.server, given.console, f"david-{name}@example.org")
    print("both are signed in")

    clara.connect()
    david.connect()
    new = {"kind": "direct", "with": david.id}
    conversation = call(given.server, "POST", "/v1/conversations", clara.token, new)["id"]
    david.await_entry(clara.write(conversation, "Hello David"))
    clara.await_entry(david.write(conversation, "Hello Clara, ça va? 👋"))
    print("each has read the other")

    hello = clara.logs[conversation]["entries"][0]
    done = [clara.edit(hello, "Hello David!"), david.react(hello, "👋🏽")]
    for person in (clara, david):
        for entry in done:
            person.await_entry(entry)
        if person.message(conversation, hello["seq"]) != ("Hello David!", [("👋🏽", david.id)]):
            raise Failed(f"{person.email} sees {person.message(conversation, hello['seq'])}")
    print("both see the message as it was edited, and the wave beside it")

    david.socket.cut()
    missed = [clara.write(conversation, f"While you were away, {number}") for number in range(1, 4)]
    david.connect()
    for entry in missed:
        david.await_entry(entry)
    clara.await_entry(david.write(conversation, "I am back"))
    david.await_entry(clara.logs[conversation]["entries"][-1])
    print("David was cut off, came back and got exactly what he missed")

    path = f"/v1/conversations/{conversation}/entries"
    page = call(given.server, "GET", path, clara.token)
    stored = page["entries"]
    for person in (clara, david):
        if person.logs[conversation]["entries"] != stored:
            raise Failed(f"{person.email} does not have what the server has")
    if [entry["seq"] for entry in stored] != list(range(1, 9)):
        raise Failed(f"not eight entries without a hole: {stored}")
    (touched,) = page["messages"]
    if touched["seq"] != hello["seq"] or touched["state"]["edit"]["body"] != "Hello David!":
        raise Failed(f"the server says of the edited message: {touched}")
    print("both have the same eight entries as the server")


if __name__ == "__main__":
    try:
        main()
    except (Failed, OSError) as error:
        sys.exit(f"two-clients.py: {error}")
