"""Web pages: what they state, what they show, and what they try."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest

from factcheck import readers
from factcheck.errors import InputError
from factcheck.readers import html, limits
from tests.readers.build import LINES, page

TEXT = "\n".join(LINES)


def read(data: bytes, **how: str) -> readers.Document:
    return html.read(data, name="a.html", **how)


def ld(**fields: object) -> str:
    block = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(block)}</script>'


# ---------------------------------------------------------------- what a page states


def test_nothing_is_guessed() -> None:
    """Neither a date in the text nor a house in the address is a statement about the page."""
    found = html.read(
        page("Published on 5 November 2013 by the Daily Example. © 2013", *LINES, attributes=""),
        name="a.html",
        base="https://daily.example/2013/11/05/safira",
    )
    assert (found.published, found.publisher, found.author, found.language) == (None,) * 4
    assert found.url == "https://daily.example/2013/11/05/safira"
    assert found.title == "Snow on Safira"


META = '<meta {}="{}" content="{}">'


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        (META.format("property", "og:title", "Safira: a town"), "title", "Safira: a town"),
        (ld(headline="Safira alone"), "title", "Safira alone"),
        (META.format("property", "og:site_name", "The Example"), "publisher", "The Example"),
        (META.format("name", "DC.publisher", "The Example"), "publisher", "The Example"),
        (ld(publisher={"@type": "Organization", "name": "The Example"}), "publisher", "The Example"),
        (ld(author=[{"@type": "Person", "name": "A. Writer"}]), "author", "A. Writer"),
        (META.format("name", "author", "A. Writer"), "author", "A. Writer"),
        (META.format("property", "article:published_time", "2013-11-08T01:00:00+03:00"),
         "published", date(2013, 11, 8)),
        (META.format("name", "dcterms.issued", "2013-11-08"), "published", date(2013, 11, 8)),
        (META.format("itemprop", "datePublished", "20131108"), "published", date(2013, 11, 8)),
        (ld(datePublished="2013-11-08"), "published", date(2013, 11, 8)),
        ('<meta property="og:locale" content="en_GB">', "language", "en"),
        ('<link rel="canonical" href="https://x.example/a">', "url", "https://x.example/a"),
        (META.format("property", "og:url", "https://x.example/a"), "url", "https://x.example/a"),
        (ld(mainEntityOfPage={"@id": "https://x.example/a"}), "url", "https://x.example/a"),
    ],
)  # fmt: skip
def test_what_a_page_states(head: str, field: str, value: object) -> None:
    assert getattr(read(page(head=head, attributes="")), field) == value


def test_a_publisher_named_elsewhere_in_the_graph() -> None:
    graph = {
        "@graph": [
            {"@type": "WebPage", "datePublished": "2001-01-01"},
            {"@type": "Article", "datePublished": "2013-11-08", "publisher": {"@id": "#house"}},
            {"@type": "Organization", "@id": "#house", "name": "The Example"},
        ]
    }
    head = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    found = read(page(head=head))
    assert (found.publisher, found.published) == ("The Example", date(2013, 11, 8))


@pytest.mark.parametrize(
    "head",
    [
        META.format("property", "article:published_time", "5 November"),
        META.format("property", "article:published_time", "05/11/2013"),
        META.format("property", "article:modified_time", "2013-11-08"),
        META.format("name", "date", "2013-13-45"),
        ld(dateModified="2013-11-08"),
        ld(datePublished={"year": 2013}),
        '<script type="application/ld+json">{"@type": "NewsArticle", broken</script>',
        f'<script type="application/ld+json">{"[" * 100_000}</script>',
        f'<script type="application/ld+json">{json.dumps([{"@type": []}, None, 3, [[[]]]])}</script>',
        f'<script type="application/ld+json">{json.dumps({"@type": {"@id": 3}})}</script>',
    ],
)
def test_a_date_that_is_none_is_not_stated(head: str) -> None:
    assert read(page(head=head)).published is None


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "//[broken", "ftp://x.example/a", "", "/"],
)
def test_a_canonical_address_that_is_none(link: str) -> None:
    head = f'<link rel="canonical" href="{link}">'
    assert read(page(head=head)).url is None


def test_a_page_cannot_pass_for_another_houses() -> None:
    head = '<link rel="canonical" href="https://agency.example/a">'
    at = "https://www.blog.example/copy"
    assert html.read(page(head=head), name="a", base=at).url == at
    head = '<link rel="canonical" href="/a">'
    assert html.read(page(head=head), name="a", base=at).url == "https://www.blog.example/a"


def test_the_charset_that_a_page_names() -> None:
    data = page("يقول المجلس المحلي إن البلدة خالية من سكانها منذ يوم الجمعة.", *LINES)
    head = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">'
    old = data.decode().replace("<title>", head + "<title>").encode("cp1256")
    assert "يقول المجلس" in read(old).text
    assert "يقول المجلس" in read(data).text
    assert "يقول المجلس" in html.read(old.replace(b"windows-1256", b"no-such"), name="a",
                                      charset="cp1256").text  # fmt: skip


# ---------------------------------------------------------------- what a page shows


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>document.write('SECRET')</script>",
        "<style>p::after {content: 'SECRET'}</style>",
        "<p style='display:none'>SECRET orders for a machine to obey at once.</p>",
        "<p hidden>SECRET orders for a machine to obey at once.</p>",
        "<div style='font-size:0px'><p>SECRET orders for a machine to obey at once.</p></div>",
        "<template><p>SECRET orders for a machine to obey at once.</p></template>",
        "<noscript><p>SECRET orders for a machine to obey at once.</p></noscript>",
        "<!-- SECRET orders for a machine to obey at once. -->",
        "<iframe src='https://x.example/' srcdoc='<p>SECRET orders for a machine.</p>'></iframe>",
        "<object data='https://x.example/'><param name='x' value='SECRET'></object>",
        "<svg><script>SECRET</script><desc>SECRET</desc></svg>",
    ],
)
def test_what_is_not_shown_is_not_read(hidden: str) -> None:
    found = read(page(LINES[0], LINES[1]).replace(b"</article>", hidden.encode() + b"</article>"))
    assert "SECRET" not in found.text
    assert all(line in found.text for line in LINES)


def test_a_refresh_is_not_followed() -> None:
    head = '<meta http-equiv="refresh" content="0; url=https://elsewhere.example/">'
    found = read(page(head=head))
    assert found.url is None and LINES[0] in found.text


def test_embedded_pictures_do_not_count() -> None:
    """A page saved as one file carries its pictures in its addresses."""
    picture = f'<img src="data:image/png;base64,{"iVBORw0KGgo" * 700_000}">'
    data = page(*LINES).replace(b"</article>", picture.encode() + b"</article>")
    assert len(data) > limits.PAGE
    assert read(data).text == TEXT


def test_an_entity_is_a_character_and_nothing_more() -> None:
    data = page(
        "The &lt;script&gt;alert(1)&lt;/script&gt; stood in the text of the report.", *LINES
    )
    assert "<script>alert(1)</script> stood" in read(data).text
    doctype = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    found = read(data.replace(b"<!doctype html>", doctype).replace(b"Nobody", b"&x;"))
    assert "root:" not in found.text


# ---------------------------------------------------------------- too much


def test_a_page_without_an_article() -> None:
    for data in (b"<html><body></body></html>", b"<p>", b"<!doctype html>", b"<html>\0\0</html>"):
        with pytest.raises(InputError, match=r"no article text|not text"):
            read(data)


def test_a_page_too_long() -> None:
    with pytest.raises(InputError, match="million characters"):
        read(b"<html><body><p>" + b"word " * 1_000_001)


@pytest.mark.parametrize("element", ["div", "b", "table><tr><td", "blockquote", "ul><li"])
def test_a_hundred_thousand_elements_in_one_another(element: str) -> None:
    data = (b"<html><body>" + f"<{element}>".encode() * 100_000 + b"<p>" + LINES[0].encode())[
        : limits.PAGE
    ]
    started = time.monotonic()
    try:
        assert len(readers.read(data, name="a.html").text) < 200
    except InputError as error:
        assert error.hint
    assert time.monotonic() - started < 60
