"""What a web page states about itself: JSON-LD, OpenGraph, Dublin Core, <html lang>, canonical link.

Only what is marked up as such is taken. A date that stands somewhere in the text, or a name made of the
page's address, is none of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from factcheck.readers import document

# Ends of the names that schema.org has for types of text, the fittest first.
_KINDS = ("article", "report", "posting", "webpage", "creativework")
_LD = 500_000  # characters of one block of JSON-LD
_LD_ITEMS = 2_000  # objects looked at on one page
# Names of <meta> elements, the plainest first.
_TITLE = ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title")
_PUBLISHER = ("og:site_name", "citation_publisher", "dc.publisher", "dcterms.publisher",
              "article:publisher")  # fmt: skip
_AUTHOR = ("author", "article:author", "citation_author", "dc.creator", "dcterms.creator")
_PUBLISHED = ("article:published_time", "og:published_time", "citation_publication_date",
              "citation_date", "dc.date.issued", "dcterms.issued", "dcterms.date", "dc.date",
              "date", "pubdate", "publishdate", "publish-date", "publication_date",
              "parsely-pub-date", "sailthru.date")  # fmt: skip
_LANGUAGE = ("og:locale", "dc.language", "dcterms.language", "content-language", "language")


@dataclass(frozen=True, slots=True)
class Stated:
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    language: str | None = None
    published: date | None = None


def stated(tree: Any, *, base: str | None = None) -> Stated:
    """What the page of `tree` (an lxml tree) states. `base` is the address it came from.

    A canonical address counts where it is on the host that the page came from: a page cannot
    pass for another house's.
    """
    metas = _metas(tree)
    objects = list(_objects(tree))
    named = {o["@id"]: o["name"] for o in objects
             if isinstance(o.get("@id"), str) and isinstance(o.get("name"), str)}  # fmt: skip
    items = sorted((o for o in objects if _rank(o) < len(_KINDS)), key=_rank)

    def of(names: tuple[str, ...], *keys: str) -> Iterator[str]:
        """What JSON-LD says under `keys`, then what the <meta> elements say."""
        for item in items:
            for text in (t for key in keys for t in _texts(item.get(key))):
                yield named.get(text, text)
        yield from (metas[name] for name in names if name in metas)

    def first(found: Iterator[str], read: Any) -> Any:
        return next((value for value in map(read, found) if value), None)

    headings = ["".join(e.itertext()) for e in tree.iter("h1")]
    titles = [*of(_TITLE, "headline"), *(headings if len(headings) == 1 else ())]
    titles += [tree.findtext(".//title") or ""]
    root = tree.getroottree().getroot()
    languages = [
        root.get("lang") or "",
        root.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
    ]
    links = [e.get("href") or "" for e in tree.iter("link") if "canonical" in _words(e.get("rel"))]
    links += [metas.get("og:url", ""), *of((), "url", "mainEntityOfPage")]
    return Stated(
        title=first(iter(titles), document.line),
        publisher=first(of(_PUBLISHER, "publisher"), _name),
        author=first(of(_AUTHOR, "author"), _name),
        url=_canonical(links, base),
        language=first(iter([*languages, *of(_LANGUAGE, "inLanguage")]), document.code),
        published=first(of(_PUBLISHED, "datePublished"), document.day),
    )


def _metas(tree: Any) -> dict[str, str]:
    """The first content of each <meta> name; <time pubdate> is one of them."""
    out: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content:
                out.setdefault("dc.date" if name == "datepublished" else name, content)
    for element in tree.iter("time"):
        if "pubdate" in element.attrib or element.get("itemprop") == "datePublished":
            out.setdefault("pubdate", element.get("datetime") or "")
    return out


def _rank(item: dict[str, Any]) -> int:
    """How well a JSON-LD object's type fits: an article's before the page's."""
    kinds = [k.lower() for k in _texts(item.get("@type"))]
    return next((n for n, end in enumerate(_KINDS) if any(k.endswith(end) for k in kinds)), 99)


def _objects(tree: Any) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects of a page."""
    left = _LD_ITEMS
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        text = script.text or ""
        try:
            found = json.loads(text) if len(text) <= _LD else None
        except (ValueError, RecursionError):
            continue
        pending = [found]
        while pending and left:
            left -= 1
            item = pending.pop(0)
            if isinstance(item, list):
                pending[:0] = item[:left]
            elif isinstance(item, dict):
                yield item
                pending.append(item.get("@graph"))


def _texts(value: Any) -> Iterator[str]:
    """The words of a JSON-LD value: itself, its name, or those of its first members."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (v for k in ("name", "@id", "url") if isinstance(v := value.get(k), str))
    elif isinstance(value, list):
        for member in value[:5]:
            if not isinstance(member, list):
                yield from _texts(member)


def _name(text: str) -> str | None:
    """A body's or a person's name; an address is none."""
    found = document.line(text, 200)
    return found if found and "://" not in found and not found.startswith("@") else None


def _words(text: str | None) -> list[str]:
    return (text or "").lower().split()


def _canonical(links: list[str], base: str | None) -> str | None:
    for link in links:
        found = document.joined(base or "", link)
        if found and (base is None or document.host(found) == document.host(base)):
            return found
    return None
