"""Fetch a document from a web address, or say why not.

- http and https only, without user name; every IP address of the host is checked, and a checked one is
  dialled: a name that points elsewhere a moment later changes nothing.
- At most five redirects, each checked in the same way; never from https to http. Headers that the
  caller gives go to the first host alone.
- Bounded: the size of what is unpacked, the time of each wait, the time in all.
- robots.txt is kept to. Proxies and credentials that the environment names are not used; a certificate
  authority of one's own is (SSL_CERT_FILE, SSL_CERT_DIR).
"""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from importlib import metadata
from time import monotonic, sleep

from factcheck._version import __version__
from factcheck.errors import AddressRefused, FetchFailed
from factcheck.fetch import address as addresses
from factcheck.fetch import wire
from factcheck.fetch.address import Address
from factcheck.fetch.robots import LIMIT, NAME, Robots
from factcheck.fetch.wire import Answer, Deadline, Resolver, system_resolver

REDIRECTS = 5
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Every kind of document that is read; `Fetcher.get(accept=...)` asks for fewer.
DOCUMENTS = (
    "text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/pdf", _DOCX,
    "application/json", "application/x-ndjson", "text/csv", "message/rfc822", "application/xml",
    "text/xml", "application/rss+xml", "application/atom+xml", "application/rdf+xml",
)  # fmt: skip
_ALSO = {
    "text/x-markdown": "text/markdown",
    "application/x-pdf": "application/pdf",
    "application/csv": "text/csv",
    "text/json": "application/json",
    "application/jsonl": "application/x-ndjson",
    "application/jsonlines": "application/x-ndjson",
}
_UNSAID = ("", "application/octet-stream", "binary/octet-stream", "application/force-download")
_ENDINGS = {
    ".html": "text/html", ".htm": "text/html", ".txt": "text/plain", ".md": "text/markdown",
    ".json": "application/json", ".jsonl": "application/x-ndjson", ".csv": "text/csv",
    ".eml": "message/rfc822", ".xml": "application/xml", ".rss": "application/rss+xml",
    ".docx": _DOCX, ".pdf": "application/pdf",
}  # fmt: skip
_SAID = 4000  # bytes of a refusal that are kept
_CANNOT = "Open the page yourself, save it as a file and give that."
_HINTS = {
    401: _CANNOT, 402: _CANNOT, 403: _CANNOT, 451: _CANNOT,
    404: "Check the address.", 410: "Check the address, or look for an archived copy.",
    429: "The site asks for patience; try again later.",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A document as it came. `url` is the address asked for, `final_url` the one that answered,
    `data` unpacked; `retrieved` is ISO 8601 in UTC."""

    url: str
    final_url: str
    status: int
    content_type: str  # in small letters, without parameters
    charset: str | None
    data: bytes
    sha256: str
    retrieved: str


class Fetcher:
    """Fetches documents; to be used by one thread. `timeout` is in seconds for one wait (four times
    that in all), `limit` in bytes of an unpacked document, `min_interval` in seconds between two
    requests to one host. `allow_local` opens this machine and private networks. `resolver` gives
    the IP addresses of a host and a port."""

    def __init__(
        self,
        *,
        allow_local: bool = False,
        timeout: float = 30.0,
        limit: int = 25_000_000,
        resolver: Resolver = system_resolver,
        min_interval: float = 0.0,
    ) -> None:
        self._allow_local, self._timeout, self._limit = allow_local, timeout, limit
        self._resolver, self._min_interval = resolver, min_interval
        self._robots = Robots(self._robots_txt)
        self._asked: dict[str, float] = {}  # when each host was asked last

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Connections end with their request; nothing is kept."""

    def get(
        self,
        url: str,
        *,
        accept: Sequence[str] = DOCUMENTS,
        headers: Mapping[str, str] = {},
        robots: bool = True,
    ) -> Fetched:
        """The document at an address, of one of the content types `accept`.

        `robots=False` is for interfaces made for programs, whose terms are not in robots.txt.
        Raises AddressRefused where the address is not gone to, FetchFailed where it gives nothing.
        """
        wanted = {
            "User-Agent": user_agent(),
            "Accept": ", ".join((*accept, "*/*;q=0.1")),
            **headers,
        }
        seconds = 4 * self._timeout
        leave = self._leave if robots else lambda at: self._pause(at, 0.0)
        with self._answer(addresses.parse(url), wanted, seconds, leave) as (at, answer):
            if answer.status not in (HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION):
                raise _refused(at, answer)
            stated, charset = content_type(answer.headers.get("content-type", ""))
            if stated not in _UNSAID and stated not in accept:
                raise _unread(at, stated)
            data = answer.body(self._limit)
            kind = _recognised(data, at) if stated in _UNSAID else stated
            if kind not in accept:
                raise _unread(at, kind)
        return Fetched(
            url=url.strip(),
            final_url=at.url,
            status=answer.status,
            content_type=kind,
            charset=charset,
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            retrieved=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    @contextmanager
    def _answer(
        self,
        start: Address,
        headers: Mapping[str, str],
        seconds: float,
        before: Callable[[Address], None],
    ) -> Iterator[tuple[Address, Answer]]:
        """The first answer that is no redirect, and the address that gave it."""
        at = start
        deadline = Deadline(start.shown, seconds, self._timeout)
        for _ in range(REDIRECTS + 1):
            found = wire.resolve(self._resolver, at, deadline)
            dialled = addresses.checked(at, found, allow_local=self._allow_local)
            began = monotonic()
            before(at)  # robots.txt and waiting are not the document's time
            deadline.extend(monotonic() - began)
            sent = {**headers, "Accept-Encoding": "gzip, deflate"}
            if at.origin != start.origin:
                sent = {k: v for k, v in sent.items() if k in _EVERYWHERE}
            with wire.ask(at, dialled, sent, deadline, lambda: self._context) as answer:
                location = answer.location
                if location is None:
                    yield at, answer
                    return
            at = _sent_on(at, location)
        raise FetchFailed(
            f"{start.shown} sends on more than {REDIRECTS} times, last to {at.shown}",
            hint="Open it in a browser and give the address at which it ends.",
        )

    @cached_property
    def _context(self) -> ssl.SSLContext:
        import httpcore2

        return httpcore2.default_ssl_context()

    def _leave(self, at: Address) -> None:
        self._pause(at, self._robots.check(at))

    def _pause(self, at: Address, delay: float) -> None:
        """Wait until the host may be asked again."""
        now = monotonic()
        rest = self._asked.get(at.host, -1e9) + max(delay, self._min_interval) - now
        if rest > 0:
            sleep(rest)
        self._asked[at.host] = monotonic()

    def _robots_txt(self, file: Address) -> tuple[int, bytes]:
        headers = {"User-Agent": user_agent(), "Accept": "text/plain, */*;q=0.1"}
        with self._answer(file, headers, 2 * self._timeout, lambda _: None) as (_, answer):
            found = 200 <= answer.status < 300
            return answer.status, answer.body(LIMIT, cut=True) if found else b""


_EVERYWHERE = ("User-Agent", "Accept", "Accept-Encoding")


def user_agent() -> str:
    """Who is asking: the name, the version, and the project's address where the package states one."""
    try:
        stated = metadata.metadata("factcheck-assistant").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        stated = []
    home = next((entry.partition(",")[2].strip() for entry in stated), "")
    return f"{NAME}/{__version__}" + (f" (+{home})" if home else "")


def content_type(header: str) -> tuple[str, str | None]:
    """The type in small letters without parameters, and the charset; other names of a type that is
    read are brought to one."""
    kind, *parameters = header.split(";")
    kind = kind.strip().lower()
    charset = None
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and charset is None:
            charset = value.strip().strip("'\"").lower() or None
    if charset is not None and not re.fullmatch(r"[\w.:\-]{1,40}", charset):
        charset = None
    return _ALSO.get(kind, kind), charset


def _recognised(data: bytes, at: Address) -> str:
    """The type of a document whose server does not say it: by its first bytes and its name's end."""
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    if re.match(rb"\s*<(?:!doctype html|html)\b", data[:200], re.IGNORECASE):
        return "text/html"
    path = at.target.partition("?")[0].lower()
    named = next((kind for end, kind in _ENDINGS.items() if path.endswith(end)), "")
    packed = data.startswith(b"PK\x03\x04")
    if named == _DOCX:
        return named if packed else ""
    return "" if packed or b"\x00" in data[:4096] or named == "application/pdf" else named


def _sent_on(at: Address, location: str) -> Address:
    """The address that a redirect names. Raises AddressRefused where it is not gone to."""
    if not location:
        raise FetchFailed(f"{at.shown} sends on without saying where", hint="Check the address.")
    try:
        to = addresses.parse(addresses.joined(at.url, location))
    except AddressRefused as error:
        raise AddressRefused(f"{at.shown} sends on: {error}", hint=error.hint) from error
    if at.scheme == "https" and to.scheme == "http":
        raise AddressRefused(
            f"{at.shown} sends on to {to.shown}, which is not encrypted",
            hint="If you trust it, give that address yourself.",
        )
    return to


def _refused(at: Address, answer: Answer) -> FetchFailed:
    status = answer.status
    words = HTTPStatus(status).phrase if status in set(HTTPStatus) else "no known status"
    try:
        said = answer.body(_SAID, cut=True)
    except FetchFailed:
        said = b""
    return FetchFailed(
        f"{at.shown} answers {status} ({words})",
        hint=_HINTS.get(status, "Try again later." if status >= 500 else "Check the address."),
        status=status,
        passing=status in (408, 429, 500, 502, 503, 504),
        wait=retry_after(answer.headers.get("retry-after", "")),
        said=said,
    )


def _unread(at: Address, kind: str) -> FetchFailed:
    what = f"is {kind[:80]}" if kind else "does not say what it is"
    return FetchFailed(
        f"{at.shown} {what}, which is not read here",
        hint="Give the address of a page, a PDF, a DOCX, a text or a table.",
    )


def retry_after(value: str) -> float | None:
    """The seconds that a server asks to wait: given as a number or as a date."""
    value = value.strip()
    if re.fullmatch(r"\d{1,9}", value):
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
