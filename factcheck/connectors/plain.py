"""Plain text out of the HTML that services send inside other things, and out of documents they link to."""

from __future__ import annotations

import re
from typing import Any

from factcheck import readers
from factcheck.fetch import Fetched
from factcheck.text.hidden import without_hidden
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
    """Text without hidden characters, empty lines and spaces at the ends of lines."""
    text = without_hidden(text.replace("\r\n", "\n").replace("\r", "\n"))[0]
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.split("\n"))
    return "\n\n".join(line for line in lines if line)


def document(page: Fetched) -> tuple[str, tuple[int, ...]]:
    """The text of a page or a file, and the offsets at which its pages begin.

    Raises InputError where no reader can read it.
    """
    found = readers.read(
        page.data,
        name=page.final_url,
        content_type=page.content_type,
        charset=page.charset,
        address=page.final_url,
    )
    text = found.text.lstrip()
    before = len(found.text) - len(text)
    return without_hidden(text.rstrip(), [max(0, at - before) for at in found.pages])
