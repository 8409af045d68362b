"""What a reader of a web page would see of it: the page without what it hides.

Text that is hidden (comments, templates, elements that are not displayed, white on white, of no size)
is not the article's: nobody signs for it, and orders to machines are put there.
"""

from __future__ import annotations

import re
from typing import Any

_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|font-size\s*:\s*[01](?:\.\d+)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)"
    r"|clip\s*:\s*rect\(0|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]+)", re.IGNORECASE)
_GROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)


def visible(page: str) -> str:
    """The page's HTML without the parts that are not shown; the page itself where it is no HTML."""
    from lxml import etree, html

    tree = parsed(page)
    if tree is None:
        return page
    for comment in list(tree.iter(etree.Comment, etree.ProcessingInstruction)):
        _drop(comment)
    for element in list(tree.iter(etree.Element)):
        if isinstance(element.tag, str) and _hidden(element):
            _drop(element)
    return str(html.tostring(tree, encoding="unicode"))


def parsed(page: str) -> Any:
    """The page as an lxml tree; None where it is no HTML."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=False)
    try:
        return html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError):
        return None


def _hidden(element: Any) -> bool:
    if element.tag in ("template", "noscript"):
        return True
    if "hidden" in element.attrib or element.get("aria-hidden", "").lower() == "true":
        return True
    style = element.get("style", "")
    return bool(style) and (bool(_STYLE.search(style)) or _same_colours(style))


def _same_colours(style: str) -> bool:
    """Letters in the colour of what is behind them; white letters where nothing is said of that."""
    colour, ground = _COLOUR.search(style), _GROUND.search(style)
    if not colour:
        return False
    ink = _colour(colour[1])
    return ink == (_colour(ground[1]) if ground else "#fff") or ink == "transparent"


def _colour(value: str) -> str:
    plain = value.strip().lower().replace(" ", "")
    long = re.fullmatch(r"#(.)\1(.)\2(.)\3", plain)
    plain = f"#{long[1]}{long[2]}{long[3]}" if long else plain
    return {"white": "#fff", "rgb(255,255,255)": "#fff", "black": "#000"}.get(plain, plain)


def _drop(element: Any) -> None:
    """Take an element out and keep the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
