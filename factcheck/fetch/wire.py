"""One request to one machine: dialled by an IP address that was checked, bounded in time and size.

httpcore2 speaks HTTP/1.1 and nothing more: no redirects, cookies, proxies or names looked up behind
our back. The name is kept for the Host header and for the certificate.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore2

from factcheck.errors import FetchFailed
from factcheck.fetch.address import Address

Resolver = Callable[[str, int], Sequence[str]]
_PIECE = 1 << 20  # bytes that are unpacked at once
_ADDRESSES = 4  # of one host, tried one after the other
_REDIRECTS = (301, 302, 303, 307, 308)


class Deadline:
    """The end of the time for one document; `left` is never more than `step` seconds."""

    def __init__(self, what: str, seconds: float, step: float) -> None:
        self._what, self._seconds, self._step = what, seconds, step
        self._end = time.monotonic() + seconds

    def extend(self, seconds: float) -> None:
        """Leave out time that was spent on something else."""
        self._end += seconds

    def left(self) -> float:
        """Seconds that the next wait may last. Raises FetchFailed when the time is up."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchFailed(
                f"{self._what} took too long", hint="Try again later, or save the page as a file."
            )
        return min(left, self._step)


def system_resolver(host: str, port: int) -> Sequence[str]:
    """The IP addresses of a host, as the machine looks them up."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def resolve(resolver: Resolver, address: Address, deadline: Deadline) -> list[str]:
    """Look a host up within the time. Raises FetchFailed where it is unknown."""
    if address.literal is not None:
        return [address.host]
    out: list[str] = []
    failed: list[BaseException] = []

    def look() -> None:
        try:
            out.extend(resolver(address.host, address.port))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    looking = threading.Thread(target=look, daemon=True)  # getaddrinfo knows no time limit
    looking.start()
    looking.join(deadline.left())
    if looking.is_alive():
        raise FetchFailed(
            f"{address.host} could not be looked up in time", hint="Check the network connection."
        )
    if failed or not out:
        raise FetchFailed(
            f"the host {address.host} is not known",
            hint="Check the address and the network connection.",
        )
    return out[:_ADDRESSES]


class _Stream(httpcore2.NetworkStream):
    """A connection of which every single wait ends with the deadline."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Dialler(httpcore2.NetworkBackend):
    """Connects to the given IP addresses, whatever name it is asked for."""

    def __init__(self, addresses: Sequence[str], deadline: Deadline) -> None:
        self._addresses, self._deadline = addresses, deadline
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        failed: Exception | None = None
        for i, address in enumerate(self._addresses):
            time_for_it = self._deadline.left() / (2 if i + 1 < len(self._addresses) else 1)
            try:
                stream = self._inner.connect_tcp(
                    address, port, time_for_it, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
            else:
                return _Stream(stream, self._deadline)
        raise failed or httpcore2.ConnectError("no address")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a machine answers: its status, its headers by name in small letters, its body unread."""

    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]

    @property
    def location(self) -> str | None:
        """Where the server sends on to; "" where it does not say."""
        return self.headers.get("location", "") if self.status in _REDIRECTS else None

    def body(self, limit: int, *, cut: bool = False) -> bytes:
        """The body, unpacked, of at most `limit` bytes; what is longer is cut or a FetchFailed."""
        packing = self.headers.get("content-encoding", "").strip().lower()
        stated = self.headers.get("content-length", "")
        if not cut and not packing and stated.isdigit() and int(stated) > limit:
            raise _too_long(limit)
        data = bytearray()
        for piece in _unpacked(self.chunks, packing, limit):
            data += piece
            if len(data) > limit:
                if cut:
                    break
                raise _too_long(limit)
        return bytes(data[:limit])


def _too_long(limit: int) -> FetchFailed:
    return FetchFailed(
        f"is longer than {limit / 1e6:.0f} MB", hint="Save it as a file and give the part you need."
    )


def _unpacked(chunks: Iterator[bytes], packing: str, limit: int) -> Iterator[bytes]:
    """The bytes inside gzip or deflate, in pieces of at most a megabyte. We ask for no other."""
    if packing in ("", "identity"):
        yield from chunks
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise FetchFailed(
            f"comes packed as `{packing[:40]}`, which was not asked for",
            hint="Save the page as a file and give that.",
        )
    unpack: Any = None
    came = 0
    for chunk in chunks:
        came += len(chunk)
        if came > limit:
            raise _too_long(limit)
        while chunk:
            if unpack is None or unpack.eof:
                if unpack is not None and chunk[:1] != b"\x1f":
                    return  # what follows the end is no further member: padding
                unpack = zlib.decompressobj(_window(chunk, packing))
            try:
                yield unpack.decompress(chunk, _PIECE)
            except zlib.error as error:
                raise FetchFailed(f"is broken {packing} data", hint="Try again later.") from error
            chunk = unpack.unconsumed_tail or (unpack.unused_data if unpack.eof else b"")
    if unpack is not None and not unpack.eof:
        raise FetchFailed("broke off in the middle", hint="Try again.", passing=True)


def _window(first: bytes, packing: str) -> int:
    """How zlib is to read a stream; "deflate" means zlib's wrapping, and some servers leave it out."""
    if packing != "deflate":
        return 16 + zlib.MAX_WBITS
    wrapped = first[0] & 0x0F == 8 and (len(first) < 2 or (first[0] * 256 + first[1]) % 31 == 0)
    return zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS


@contextmanager
def ask(
    address: Address,
    dialled: Sequence[str],
    headers: Mapping[str, str],
    deadline: Deadline,
    context: Callable[[], ssl.SSLContext],
) -> Iterator[Answer]:
    """GET an address from one of the machines `dialled`. Raises FetchFailed."""
    with (
        _told(address),
        httpcore2.ConnectionPool(
            ssl_context=context() if address.scheme == "https" else None,
            network_backend=_Dialler(dialled, deadline),
        ) as pool,
        pool.stream(
            "GET",
            httpcore2.URL(
                scheme=address.scheme.encode(),
                host=address.host.encode(),
                port=address.port,
                target=address.target.encode(),
            ),
            headers=[("Host", address.authority), *headers.items(), ("Connection", "close")],
        ) as response,
    ):
        found: dict[str, str] = {}
        for name, value in response.headers:
            found.setdefault(name.decode("latin-1").lower(), _text(value))
        yield Answer(response.status, found, response.iter_stream())


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


@contextmanager
def _told(address: Address) -> Iterator[None]:
    """Every way in which a connection fails, in words; an error without an address gets it here."""
    try:
        yield
    except FetchFailed as error:
        if not str(error).startswith("http"):
            error.args = (f"{address.shown} {error}",)
        raise
    except httpcore2.TimeoutException as error:
        raise FetchFailed(
            f"{address.shown} does not answer in time",
            hint="Try again later, or save the page as a file.",
            passing=True,
        ) from error
    except httpcore2.ConnectError as error:
        raise _unreached(address, error) from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        raise FetchFailed(
            f"{address.shown} broke off or is no proper answer ({str(error)[:120] or 'no reason'})",
            hint="Try again later.",
            passing=True,
        ) from error


def _unreached(address: Address, error: BaseException) -> FetchFailed:
    reasons = list(_reasons(error))
    bad = next((r for r in reasons if isinstance(r, ssl.SSLCertVerificationError)), None)
    if bad is not None:
        return FetchFailed(
            f"{address.host} cannot prove that it is {address.host}: {bad.verify_message}",
            hint="Nothing was read. Check the address; a certificate authority of your own is named"
            " by SSL_CERT_FILE.",
        )
    if any(isinstance(r, ssl.SSLError) for r in reasons):
        return FetchFailed(
            f"{address.authority} and this program found no common encryption",
            hint="Check the address: is it really https, and this port?",
        )
    said = next((r.strerror for r in reasons if isinstance(r, OSError) and r.strerror), str(error))
    return FetchFailed(
        f"{address.authority} cannot be reached: {said[:120]}",
        hint="Check the address and the network connection.",
        passing=True,
    )


def _reasons(error: BaseException) -> Iterator[BaseException]:
    """An error and those that it was made from."""
    at: Any = error
    while isinstance(at, BaseException):
        yield at
        at = at.__cause__ or next(iter(at.args), None)
