"""Fetching over a real connection: redirects, sizes, times, kinds, failures, and a lying resolver."""

from __future__ import annotations

import gzip
import hashlib
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import httpcore2
import pytest

from factcheck._version import __version__
from factcheck.errors import AddressRefused, FetchFailed
from factcheck.fetch import Fetcher
from tests.fetch.server import Site, page, to

PUBLIC = "93.184.215.14"


def test_a_page(site: Site, local: Fetcher) -> None:
    site.answers["/a?b=c"] = page("<p>Héllo", 'Text/HTML; Charset="UTF-8"')
    got = local.get(site.url("/a?b=c#d"))
    assert got.data == "<p>Héllo".encode()
    assert (got.status, got.content_type, got.charset) == (200, "text/html", "utf-8")
    assert got.url == site.url("/a?b=c#d")
    assert got.final_url == site.url("/a?b=c")
    assert got.sha256 == hashlib.sha256(got.data).hexdigest()
    assert got.retrieved.endswith("+00:00") and len(got.retrieved) == 25
    path, headers = site.asked[-1]
    assert path == "/a?b=c"
    assert headers["host"] == f"127.0.0.1:{site.port}"
    assert headers["user-agent"].startswith(f"factcheck/{__version__}")
    assert headers["accept-encoding"] == "gzip, deflate"
    assert "cookie" not in headers


@pytest.mark.parametrize(
    ("header", "kind", "charset"),
    [
        ("text/plain", "text/plain", None),
        ("text/plain; charset=windows-1256", "text/plain", "windows-1256"),
        ("text/plain ;charset = 'ISO-8859-1' ; x=y", "text/plain", "iso-8859-1"),
        ("text/plain; charset=\"<script>\"", "text/plain", None),
        ("text/x-markdown", "text/markdown", None),
        ("application/x-pdf", "application/pdf", None),
        ("application/jsonl", "application/x-ndjson", None),
        ("APPLICATION/ATOM+XML", "application/atom+xml", None),
    ],
)  # fmt: skip
def test_types_and_charsets(
    site: Site, local: Fetcher, header: str, kind: str, charset: str | None
) -> None:
    site.answers["/"] = page("x", header)
    got = local.get(site.url())
    assert (got.content_type, got.charset) == (kind, charset)


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("/report", b"%PDF-1.7 ...", "application/pdf"),
        ("/report.md", b"# Title", "text/markdown"),
        ("/x", b" \n<!DOCTYPE html><p>", "text/html"),
        ("/a.csv?b", b"a,b", "text/csv"),
        ("/a.docx", b"PK\x03\x04...",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stated", [None, "application/octet-stream"])
def test_a_kind_that_the_server_does_not_say(
    site: Site, local: Fetcher, path: str, body: bytes, kind: str, stated: str | None
) -> None:
    site.answers[path] = page(body, stated)
    assert local.get(site.url(path)).content_type == kind


@pytest.mark.parametrize(
    ("path", "body", "stated"),
    [
        ("/a", b"\x89PNG", "image/png"),
        ("/a.html", b"<p>", "video/mp4"),
        ("/a", b"words", None),
        ("/a.pdf", b"no pdf", None),
        ("/a.docx", b"no zip", None),
        ("/a.txt", b"PK\x03\x04", "application/octet-stream"),
        ("/a.txt", b"a\x00b", None),
        ("/a", b"x", "application/javascript"),
    ],
)
def test_kinds_that_are_not_read(
    site: Site, local: Fetcher, path: str, body: bytes, stated: str | None
) -> None:
    site.answers[path] = page(body, stated)
    said = "does not say what it is" if stated in (None, "application/octet-stream") else stated
    with pytest.raises(FetchFailed, match=said) as caught:
        local.get(site.url(path))
    assert caught.value.exit_code == 4
    assert caught.value.hint


def test_a_caller_may_take_less(site: Site, local: Fetcher) -> None:
    site.answers["/"] = page("<p>")
    with pytest.raises(FetchFailed, match="text/html"):
        local.get(site.url(), accept=("application/json",))
    assert site.asked[-1][1]["accept"].startswith("application/json, ")


# ------------------------------------------------------------ answers that are no document


@pytest.mark.parametrize(
    ("status", "word", "hint"),
    [
        (404, r"404 \(Not Found\)", "Check the address"),
        (403, r"403 \(Forbidden\)", "save it as a file"),
        (401, "401", "save it as a file"),
        (500, r"500 \(Internal Server Error\)", "later"),
        (204, "204", "Check"),
        (206, "206", "Check"),
        (599, r"599 \(no known status\)", "later"),
    ],
)
def test_other_statuses(site: Site, local: Fetcher, status: int, word: str, hint: str) -> None:
    site.answers["/"] = page("the reason", status=status)
    with pytest.raises(FetchFailed, match=word) as caught:
        local.get(site.url())
    assert hint in caught.value.hint
    assert caught.value.status == status
    assert caught.value.said == (b"" if status == 204 else b"the reason")


def test_the_wait_that_a_server_asks_for(site: Site, local: Fetcher) -> None:
    later = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 100))
    for value, least, most in (
        ("7", 7, 7),
        (later, 90, 100),
        ("soon", None, None),
        ("-3", None, None),
    ):
        site.answers["/"] = page(status=429, Retry_After=value)
        with pytest.raises(FetchFailed) as caught:
            local.get(site.url())
        wait = caught.value.wait
        assert wait is None if least is None else wait is not None and least <= wait <= most


def test_nobody_there(local: Fetcher) -> None:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    with pytest.raises(
        FetchFailed, match=f"127.0.0.1:{port} cannot be reached: Connection refused"
    ):
        local.get(f"http://127.0.0.1:{port}/")


def test_a_host_that_is_not_known() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchFailed, match=r"nowhere\.example is not known"):
        Fetcher(resolver=nowhere).get("http://nowhere.example/")
    with pytest.raises(FetchFailed, match="not known"):
        Fetcher(resolver=lambda host, port: []).get("http://nowhere.example/")


def test_a_look_up_without_end() -> None:
    def asleep(host: str, port: int) -> list[str]:
        time.sleep(5)
        return []

    began = time.monotonic()
    with pytest.raises(FetchFailed, match="could not be looked up in time"):
        Fetcher(resolver=asleep, timeout=0.2).get("http://slow.example/")
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    "said",
    [
        b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nabc", b"HTTP/1.1 200 OK\r\nA: b",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    ],
)  # fmt: skip
def test_what_is_no_whole_answer(site: Site, local: Fetcher, said: bytes) -> None:
    site.answers["/"] = said.replace(b"OK\r\n", b"OK\r\nContent-Type: text/plain\r\n")
    with pytest.raises(FetchFailed, match="broke off or is no proper answer"):
        local.get(site.url())


# ------------------------------------------------------------ sizes and times


def endless(head: bytes, piece: bytes, pause: float = 0.0) -> Callable[..., Iterator[bytes]]:
    def said(path: str, headers: dict[str, str]) -> Iterator[bytes]:
        yield head
        while True:
            time.sleep(pause)
            yield piece

    return said


PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def test_too_long_by_its_own_account(site: Site, local: Fetcher) -> None:
    site.answers["/"] = endless(PLAIN + b"Content-Length: 1000001\r\n\r\n", b"")
    with pytest.raises(FetchFailed, match="longer than 1 MB"):
        local.get(site.url())


def test_too_long_without_saying_so(site: Site, local: Fetcher) -> None:
    site.answers["/"] = endless(PLAIN + b"\r\n", b"x" * 65536)
    with pytest.raises(FetchFailed, match="longer than 1 MB"):
        local.get(site.url())
    site.answers["/"] = page(b"x" * 1_000_000, "text/plain")
    assert len(local.get(site.url()).data) == 1_000_000


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "two members": ("gzip", lambda d: gzip.compress(d[:5]) + gzip.compress(d[5:])),
    "padded": ("gzip", lambda d: gzip.compress(d) + b"\0" * 100),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", _deflated),
    "identity": ("identity", bytes),
}


@pytest.mark.parametrize("name", PACKED)
def test_packed_answers(site: Site, local: Fetcher, name: str) -> None:
    packing, pack = PACKED[name]
    text = "Ünïcödé words. ".encode() * 1000
    site.answers["/"] = page(pack(text), "text/plain", Content_Encoding=packing)
    assert local.get(site.url()).data == text


@pytest.mark.parametrize("name", ["gzip", "deflate", "raw deflate", "two members"])
def test_a_bomb_is_cut_while_it_unpacks(site: Site, local: Fetcher, name: str) -> None:
    packing, pack = PACKED[name]
    bomb = pack(bytes(40_000_000))
    assert len(bomb) < 100_000
    site.answers["/"] = page(bomb, "text/plain", Content_Encoding=packing)
    tracemalloc.start()
    try:
        with pytest.raises(FetchFailed, match="longer than 1 MB"):
            local.get(site.url())
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("packing", ["br", "zstd", "gzip, gzip", "compress", "aes128gcm"])
def test_packings_that_were_not_asked_for(site: Site, local: Fetcher, packing: str) -> None:
    site.answers["/"] = page(b"...", "text/plain", Content_Encoding=packing)
    with pytest.raises(FetchFailed, match="not asked for"):
        local.get(site.url())


def test_packed_data_that_is_broken_or_cut(site: Site, local: Fetcher) -> None:
    whole = gzip.compress(bytes(range(256)) * 50)
    site.answers["/"] = page(whole[:-20], "text/plain", Content_Encoding="gzip")
    with pytest.raises(FetchFailed, match="broke off in the middle"):
        local.get(site.url())
    site.answers["/"] = page(b"not gzip", "text/plain", Content_Encoding="gzip")
    with pytest.raises(FetchFailed, match="broken gzip data"):
        local.get(site.url())


@pytest.mark.parametrize(
    "said",
    [
        endless(PLAIN + b"\r\n", b"x", pause=0.05),
        endless(PLAIN, b"X-More: y\r\n", pause=0.05),
        endless(b"", b"H", pause=0.05),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause=0.05),
    ],
    ids=["body", "headers", "first line", "patience"],
)
def test_a_slow_drip_ends_with_the_time_in_all(site: Site, said: Any) -> None:
    site.answers["/"] = said
    began = time.monotonic()
    with pytest.raises(FetchFailed, match=r"took too long|in time"):
        Fetcher(allow_local=True, timeout=0.25).get(site.url())
    assert time.monotonic() - began < 8


def test_silence_ends_with_the_time_of_one_wait(site: Site) -> None:
    site.answers["/"] = endless(b"", b"", pause=5)
    began = time.monotonic()
    with pytest.raises(FetchFailed, match="does not answer in time"):
        Fetcher(allow_local=True, timeout=0.2).get(site.url())
    assert time.monotonic() - began < 4


def test_headers_without_end(site: Site, local: Fetcher) -> None:
    site.answers["/"] = endless(PLAIN, b"X-More: " + b"y" * 4000 + b"\r\n")
    with pytest.raises(FetchFailed, match="no proper answer"):
        local.get(site.url())


# ------------------------------------------------------------ redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(site: Site, local: Fetcher, status: int) -> None:
    site.answers["/a"] = to("b/c?d#e", status)
    site.answers["/b/c?d"] = page("there")
    got = local.get(site.url("/a"))
    assert got.data == b"there"
    assert (got.url, got.final_url) == (site.url("/a"), site.url("/b/c?d"))


def test_five_redirects_and_no_more(site: Site, local: Fetcher) -> None:
    for i in range(6):
        site.answers[f"/{i}"] = to(f"/{i + 1}")
    site.answers["/6"] = page("end")
    assert local.get(site.url("/1")).data == b"end"
    with pytest.raises(FetchFailed, match="sends on more than 5 times"):
        local.get(site.url("/0"))
    site.answers["/loop"] = to("/loop")
    with pytest.raises(FetchFailed, match="more than 5 times"):
        local.get(site.url("/loop"))
    assert site.paths().count("/loop") == 6


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd", "ftp://example.org/", "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/", "http://0.0.0.0/", "http://user:pw@127.0.0.1/", "//127.1/",
        "http://2130706433/", "javascript:alert(1)", "http://[::ffff:169.254.169.254]/",
    ],
)  # fmt: skip
def test_redirects_to_what_is_refused(site: Site, local: Fetcher, location: str) -> None:
    site.answers["/"] = to(location)
    with pytest.raises(AddressRefused) as caught:
        local.get(site.url())
    assert caught.value.exit_code == 4
    assert "pw" not in str(caught.value)


def test_a_redirect_to_nowhere(site: Site, local: Fetcher) -> None:
    site.answers["/"] = page(status=302)
    with pytest.raises(FetchFailed, match="without saying where"):
        local.get(site.url())


def test_headers_of_the_caller_stay_with_the_first_host(site: Site, local: Fetcher) -> None:
    other = Site()
    other.answers["/"] = page("x")
    site.answers["/a"] = to("/b")
    site.answers["/b"] = to(other.url())
    local.get(site.url("/a"), headers={"X-Key": "secret"})
    assert [h.get("x-key") for p, h in site.asked if p != "/robots.txt"] == ["secret", "secret"]
    assert all("x-key" not in headers for _, headers in other.asked)
    assert other.asked[-1][1]["user-agent"].startswith("factcheck/")
    other.close()


def test_header_injection_is_no_request(site: Site, local: Fetcher) -> None:
    with pytest.raises(FetchFailed):
        local.get(site.url(), headers={"X-A": "b\r\nX-C: d"})
    assert site.paths() == []


# ------------------------------------------------------------ the address that is dialled


class Lines:
    """Where connections go: every IP address leads to the site, and is written down."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
        self.dialled: list[tuple[str, int]] = []
        self.broken: set[str] = set()
        whole = httpcore2.SyncBackend.connect_tcp

        def connect(backend: Any, host: str, port: int, *more: Any, **named: Any) -> Any:
            self.dialled.append((host, port))
            if host in self.broken:
                raise httpcore2.ConnectError("broken")
            return whole(backend, "127.0.0.1", site.port, *more, **named)

        monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", connect)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, site: Site) -> Lines:
    return Lines(monkeypatch, site)


class Liar:
    """A resolver that answers with the next of its addresses each time it is asked."""

    def __init__(self, *answers: str) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return [self.answers[min(self.asked, len(self.answers)) - 1]]


def test_the_checked_address_is_the_dialled_one(site: Site, lines: Lines) -> None:
    """A name that is public when it is checked, and this machine when it is looked up again."""
    site.answers["/"] = page("x")
    liar = Liar(PUBLIC, "127.0.0.1")
    got = Fetcher(resolver=liar).get("http://news.example/", robots=False)
    assert got.data == b"x"
    assert liar.asked == 1
    assert lines.dialled == [(PUBLIC, 80)]
    assert site.asked[-1][1]["host"] == "news.example"


def test_a_lie_between_robots_and_page(site: Site, lines: Lines) -> None:
    site.answers["/"] = page("x")
    with pytest.raises(AddressRefused, match=r"news\.example is at 127\.0\.0\.1"):
        Fetcher(resolver=Liar(PUBLIC, "127.0.0.1")).get("http://news.example/")
    assert lines.dialled == []


def test_a_lie_at_the_redirect(site: Site, lines: Lines) -> None:
    site.answers["/"] = to("/again")
    site.answers["/again"] = page("secret")
    with pytest.raises(AddressRefused, match=r"news\.example is at 169\.254\.169\.254: a cloud's"):
        Fetcher(resolver=Liar(PUBLIC, "169.254.169.254")).get("http://news.example/", robots=False)
    assert [host for host, _ in lines.dialled] == [PUBLIC]


def test_a_redirect_to_this_machine(site: Site, lines: Lines) -> None:
    for location in ("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "//10.0.0.1/"):
        site.answers["/"] = to(location)
        lines.dialled.clear()
        with pytest.raises(AddressRefused) as caught:
            Fetcher(
                resolver=lambda host, port: [PUBLIC if host == "news.example" else "127.0.0.1"]
            ).get("http://news.example/", robots=False)
        assert "--allow-local" in caught.value.hint
        assert [host for host, _ in lines.dialled] == [PUBLIC]


def test_the_next_address_of_a_host_is_tried(site: Site, lines: Lines) -> None:
    site.answers["/"] = page("x")
    lines.broken = {"2606:4700::1"}
    both = Fetcher(resolver=lambda host, port: ["2606:4700::1", PUBLIC])
    assert both.get("http://news.example:81/", robots=False).data == b"x"
    assert lines.dialled == [("2606:4700::1", 81), (PUBLIC, 81)]


def test_a_host_with_a_dot_at_its_end(site: Site, lines: Lines) -> None:
    site.answers["/"] = page("x")
    got = Fetcher(resolver=Liar(PUBLIC)).get("http://News.Example./", robots=False)
    assert got.final_url == "http://news.example/"
    assert site.asked[-1][1]["host"] == "news.example"


def test_this_machine_is_refused_unless_asked_for(site: Site) -> None:
    with pytest.raises(AddressRefused, match="this machine") as caught:
        Fetcher().get(site.url())
    assert "--allow-local" in caught.value.hint
    assert site.asked == []


def test_this_machine_by_ipv6() -> None:
    try:
        site = Site(family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    site.answers["/"] = page("six")
    assert Fetcher(allow_local=True).get(site.url()).data == b"six"
    assert site.asked[-1][1]["host"] == f"[::1]:{site.port}"
    with pytest.raises(AddressRefused):
        Fetcher().get(site.url())
    site.close()


def test_proxies_of_the_environment_are_not_used(
    site: Site, local: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.answers["/"] = page("direct")
    assert local.get(site.url()).data == b"direct"


def test_requests_to_one_host_keep_their_distance(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("factcheck.fetch.door.sleep", slept.append)
    monkeypatch.setattr("factcheck.fetch.door.monotonic", lambda: 1000.0)
    site.answers["/"] = page("x")
    with Fetcher(allow_local=True, min_interval=2.0) as fetcher:
        fetcher.get(site.url())
        assert slept == []
        fetcher.get(site.url())
    assert slept == [2.0]
