"""Web pages: the text that a reader of the page sees, and what the page states about itself."""

from __future__ import annotations

import re
from typing import Any

from factcheck.errors import InputError
from factcheck.files import decode
from factcheck.readers.document import Document, address
from factcheck.readers.limits import PAGE
from factcheck.readers.stated import stated
from factcheck.webpage import parsed, visible

_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_EMBEDDED = re.compile(r"data:[\w/+.;=-]{1,200},[A-Za-z0-9+/=%\s]{200,}")  # pictures, fonts


def read(
    data: bytes,
    *,
    name: str,
    encoding: str | None = None,
    charset: str | None = None,
    base: str | None = None,
) -> Document:
    """A document out of a web page.

    `charset` is what the server called it, `base` the address it came from. Nothing that the page
    asks for is done: no script runs, no refresh is followed, no picture is fetched. Raises
    InputError where there is no text of an article.
    """
    import trafilatura

    declared = _CHARSET.search(data[:4096])
    called = (charset, declared[1].decode("ascii", "replace") if declared else None)
    page = _EMBEDDED.sub("data:", decode(data, name=name, encoding=encoding, called=called))
    if len(page) > PAGE:
        raise InputError(
            f"{name} has {len(page) / 1e6:.1f} million characters; a web page may have"
            f" {PAGE / 1e6:.0f}",
            hint="Save the article's text alone as a .txt file.",
        )
    tree = parsed(page)
    shown = visible(page)
    try:
        found: Any = None if tree is None else trafilatura.bare_extraction(
            shown, with_metadata=False, include_comments=False, favor_recall=True
        )  # fmt: skip
    except RecursionError:
        found = None
    text = str(found.text or "").strip() if found is not None else ""
    if not text:
        raise InputError(
            f"no article text was found in {name}",
            hint="Save the article's text alone as a .txt file.",
        )
    said = stated(tree, base=base)
    return Document(
        text=text,
        format="html",
        title=said.title,
        publisher=said.publisher,
        author=said.author,
        url=said.url or address(base or ""),
        language=said.language,
        published=said.published,
        place=name,
    )
