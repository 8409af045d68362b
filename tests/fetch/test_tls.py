"""Encryption: the name in the address is the one that the certificate must hold."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from factcheck.errors import AddressRefused, FetchFailed
from factcheck.fetch import Fetcher
from tests.fetch.server import Site, page, to

PEM = Path(__file__).with_name("news.example.pem")  # a key and a certificate for this test alone


@pytest.fixture
def secure() -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    context.sni_callback = lambda sock, name, _: names.append(name)
    names: list[str | None] = []
    made = Site(tls=context)
    made.names = names  # type: ignore[attr-defined]
    made.answers["/"] = page("encrypted")
    yield made
    made.close()


def here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> Fetcher:
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
    return Fetcher(allow_local=True, timeout=3, resolver=here)


def test_the_certificate_is_held_against_the_name(secure: Site, trusting: Fetcher) -> None:
    got = trusting.get(secure.url(host="news.example"))
    assert got.data == b"encrypted"
    assert secure.names == ["news.example", "news.example"]  # type: ignore[attr-defined]
    assert trusting.get(secure.url(host="news.example.")).data == b"encrypted"


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
def test_another_name_is_not_believed(secure: Site, trusting: Fetcher, host: str) -> None:
    with pytest.raises(FetchFailed, match=f"{host} cannot prove that it is {host}: .*mismatch"):
        trusting.get(secure.url(host=host))
    assert secure.asked == []


def test_a_certificate_nobody_vouches_for(secure: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(FetchFailed, match=r"self.signed certificate") as caught:
        Fetcher(allow_local=True, resolver=here).get(secure.url(host="news.example"))
    assert "Nothing was read" in caught.value.hint
    assert secure.asked == []


def test_https_where_there_is_none(site: Site, local: Fetcher) -> None:
    with pytest.raises(FetchFailed, match="found no common encryption"):
        local.get(site.url().replace("http:", "https:"))


def test_no_way_from_https_to_http(secure: Site, trusting: Fetcher, site: Site) -> None:
    secure.answers["/"] = to(site.url(host="news.example"))
    with pytest.raises(AddressRefused, match="which is not encrypted") as caught:
        trusting.get(secure.url(host="news.example"))
    assert "give that address yourself" in caught.value.hint
    assert site.asked == []


def test_the_way_from_http_to_https(secure: Site, trusting: Fetcher, site: Site) -> None:
    site.answers["/"] = to(secure.url(host="news.example"))
    assert trusting.get(site.url(host="news.example")).data == b"encrypted"
