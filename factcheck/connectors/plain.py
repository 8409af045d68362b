"""Plain text out of the HTML that services send and of the pages that feeds link to.

`page_text` is where the readers of documents belong: they know PDF and DOCX as well.
"""

from __future__ import annotations

import re
from typing import Any

from factcheck.errors import InputError
from factcheck.fetch import Fetched
from factcheck.files import decode
from factcheck.webpage import visible

_LEFT_OUT = frozenset(
    "script style head title iframe object embed svg math button select textarea input audio video"
    " canvas map nav".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary table tbody td tfoot th thead"
    " tr ul".split()
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def plain(markup: str) -> str:
    """The words of a piece of HTML that a reader would see, a paragraph a line."""
    from lxml import etree, html

    try:
        tree: Any = html.document_fromstring(
            visible(markup).encode("utf-8", "replace"),
            parser=html.HTMLParser(encoding="utf-8", huge_tree=False),
        )
    except (etree.ParserError, ValueError):  # nothing in it
        return tidy(markup)
    out: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if event == "start":
            if tag in _LEFT_OUT:
                element.clear(keep_tail=True)
            elif tag == "br" or tag in _BLOCKS:
                out.append("\n")
            out.append(_flowing(element.text))
        else:
            if tag in _BLOCKS:
                out.append("\n")
            out.append(_flowing(element.tail))
    return tidy("".join(out))


def _flowing(text: str | None) -> str:
    return re.sub(r"[\s\u00a0]+", " ", text or "")


def tidy(text: str) -> str:
    """Text without control characters, empty lines and spaces at the ends of lines."""
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.split("\n"))
    return "\n\n".join(line for line in lines if line)


def page_text(page: Fetched) -> str:
    """The text of the article on a page. Raises InputError where it has none that is read here."""
    if page.content_type in ("text/plain", "text/markdown"):
        return tidy(_decoded(page))
    if page.content_type not in ("text/html", "application/xhtml+xml"):
        raise InputError(
            f"{page.final_url} is {page.content_type}",
            hint="Save it as a file and add that: factcheck refs add FILE.",
        )
    import trafilatura

    found: Any = trafilatura.bare_extraction(
        visible(_decoded(page)), with_metadata=False, include_comments=False, favor_recall=True
    )
    text = tidy(str(found.text or "")) if found is not None else ""
    if not text:
        raise InputError(
            f"no article text was found at {page.final_url}", hint="Save its text as a file."
        )
    return text


def _decoded(page: Fetched) -> str:
    if page.charset:
        try:
            return page.data.decode(page.charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(page.data, name=page.final_url)
