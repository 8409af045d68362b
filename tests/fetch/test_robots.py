"""robots.txt: asked for once, kept to, and what its absence and its failure mean."""

from __future__ import annotations

import time

import pytest

from factcheck.errors import AddressRefused, FetchFailed
from factcheck.fetch import Fetcher
from tests.fetch.server import Site, page, to


@pytest.fixture
def site(site: Site) -> Site:
    for path in ("/", "/a", "/private/b", "/private/open", "/x.pdf", "/private/c"):
        site.answers[path] = page("here")
    return site


def robots(site: Site, text: str) -> None:
    site.answers["/robots.txt"] = page(text, "text/plain")


def test_what_is_forbidden_is_not_asked_for(site: Site, local: Fetcher) -> None:
    robots(site, "User-agent: *\nDisallow: /private\nAllow: /private/open\nDisallow: /*.pdf$\n")
    assert local.get(site.url("/a")).data == b"here"
    assert local.get(site.url("/private/open")).data == b"here"
    for path in ("/private/b", "/x.pdf"):
        with pytest.raises(AddressRefused, match="is not for programs") as caught:
            local.get(site.url(path))
        assert "save it as a file" in caught.value.hint
    assert site.paths() == ["/a", "/private/open"]
    assert len(site.asked) - len(site.paths()) == 1


def test_the_part_that_names_us_is_ours(site: Site, local: Fetcher) -> None:
    robots(site, "User-agent: *\nDisallow: /\n\nUser-agent: FactCheck\nDisallow: /private\n")
    assert local.get(site.url("/a")).data == b"here"
    with pytest.raises(AddressRefused):
        local.get(site.url("/private/b"))


def test_an_interface_for_programs(site: Site, local: Fetcher) -> None:
    robots(site, "User-agent: *\nDisallow: /\n")
    assert local.get(site.url("/a"), robots=False).data == b"here"
    with pytest.raises(AddressRefused):
        local.get(site.url("/a"))


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429])
def test_no_file_forbids_nothing(site: Site, local: Fetcher, status: int) -> None:
    site.answers["/robots.txt"] = page("User-agent: *\nDisallow: /", "text/plain", status=status)
    assert local.get(site.url("/a")).data == b"here"


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_file_that_cannot_be_served_forbids_all(site: Site, local: Fetcher, status: int) -> None:
    site.answers["/robots.txt"] = page(status=status)
    with pytest.raises(AddressRefused, match=f"cannot be served now .{status}."):
        local.get(site.url("/a"))
    assert site.paths() == []


def test_a_file_that_does_not_come(site: Site) -> None:
    def never(path: str, headers: dict[str, str]) -> bytes:
        time.sleep(3)
        return b""

    site.answers["/robots.txt"] = never
    with pytest.raises(FetchFailed, match=r"robots.txt does not answer in time"):
        Fetcher(allow_local=True, timeout=0.2).get(site.url("/a"))
    assert site.paths() == []


def test_a_page_in_its_place(site: Site, local: Fetcher) -> None:
    site.answers["/robots.txt"] = page("<html>\nUser-agent: *\nDisallow: /\n</html>")
    assert local.get(site.url("/a")).data == b"here"


def test_a_file_that_moved(site: Site, local: Fetcher) -> None:
    site.answers["/robots.txt"] = to("/elsewhere")
    site.answers["/elsewhere"] = page("\ufeffUser-agent: *\nDisallow: /a", "text/plain")
    with pytest.raises(AddressRefused, match="is not for programs"):
        local.get(site.url("/a"))


def test_a_file_without_end_is_cut(site: Site, local: Fetcher) -> None:
    robots(site, "User-agent: *\nDisallow: /private\n" + "#" * 2_000_000 + "\nDisallow: /\n")
    assert local.get(site.url("/a")).data == b"here"
    with pytest.raises(AddressRefused):
        local.get(site.url("/private/b"))


def test_a_hostile_pattern_costs_no_time(site: Site, local: Fetcher) -> None:
    robots(site, "User-agent: *\nDisallow: /" + "*a" * 5000 + "*b\n")
    began = time.monotonic()
    path = "/" + "a" * 7000
    site.answers[path] = page("here")
    assert local.get(site.url(path)).data == b"here"
    assert time.monotonic() - began < 3


def test_the_site_redirected_to_is_asked_too(site: Site, local: Fetcher) -> None:
    other = Site()
    other.answers["/robots.txt"] = page("User-agent: *\nDisallow: /", "text/plain")
    site.answers["/a"] = to(other.url("/b"))
    with pytest.raises(AddressRefused, match="is not for programs"):
        local.get(site.url("/a"))
    assert other.paths() == []
    other.close()


@pytest.mark.parametrize(
    ("delay", "waited"), [("3", 3.0), ("86400", 30.0), ("x", 0.0), ("inf", 0.0)]
)
def test_crawl_delay_is_kept_within_bounds(
    site: Site, local: Fetcher, monkeypatch: pytest.MonkeyPatch, delay: str, waited: float
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("factcheck.fetch.door.sleep", slept.append)
    monkeypatch.setattr("factcheck.fetch.door.monotonic", lambda: 1000.0)
    robots(site, f"User-agent: *\nCrawl-delay: {delay}\n")
    local.get(site.url("/a"))
    local.get(site.url("/a"))
    assert sum(slept) == waited
