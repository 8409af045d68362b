"""A web server on loopback that answers with the very bytes that a test gives it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress

Said = bytes | Iterable[bytes]


def page(
    body: bytes | str = b"", kind: str | None = "text/html", status: int = 200, **headers: str
) -> bytes:
    """An answer with its length stated; `Retry_After="3"` is a header."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(data)}"]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def to(location: str, status: int = 302) -> bytes:
    return page(status=status, Location=location)


class Site:
    """`answers` maps a path to bytes, to an iterable of bytes (sent one by one, and the connection
    closed) or to a function of the request's path and headers that gives either. `asked` lists the
    requests as (path, headers)."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, family: int = socket.AF_INET) -> None:
        self.answers: dict[str, Said | Callable[[str, dict[str, str]], Said]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._tls = tls
        self._socket = socket.create_server(
            ("127.0.0.1" if family == socket.AF_INET else "::1", 0), family=family, backlog=20
        )
        self.port = int(self._socket.getsockname()[1])
        self.host = "127.0.0.1" if family == socket.AF_INET else "[::1]"
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, path: str = "/", host: str | None = None) -> str:
        return f"{'https' if self._tls else 'http'}://{host or self.host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for, save robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError):
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head:
                got = connection.recv(65536)
                if not got:
                    raise OSError
                head += got
                if not head[:1].isalpha():  # somebody speaks TLS to us
                    connection.sendall(page(status=400))
                    raise OSError
            first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
            path = first.split(" ")[1]
            headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}
            self.asked.append((path, headers))
            said = self.answers.get(path) or self.answers.get(path.partition("?")[0])
            if said is None:
                said = page("nothing here", status=404)
            if callable(said):
                said = said(path, headers)
            for piece in [said] if isinstance(said, bytes) else said:
                connection.sendall(piece)
        with suppress(OSError):
            connection.shutdown(socket.SHUT_WR)  # an end, not a reset, when nothing was read
        connection.close()
