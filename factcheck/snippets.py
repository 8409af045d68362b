"""Small pieces of HTML by which records show themselves in a notebook. All words are escaped; there is
no link, no style sheet and no script."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Sequence

_STACKED = 6  # marks on one letter, as in `text.scrub`


def words(text: object) -> str:
    """Text as HTML shows it: escaped, on one line, without control characters or towers of marks."""
    seen: list[str] = []
    marks = 0
    for c in " ".join(str(text).split()):
        category = unicodedata.category(c)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= _STACKED and category not in ("Cc", "Cf", "Cs", "Co"):
            seen.append(c)
    return html.escape("".join(seen), quote=True)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of words; each cell finds its own direction."""
    top = "".join(f"<th>{words(h)}</th>" for h in head)
    body = "".join(
        "<tr>" + "".join(f'<td dir="auto">{words(cell)}</td>' for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def paragraph(*parts: object) -> str:
    """A paragraph of words."""
    return f'<p dir="auto">{" ".join(words(p) for p in parts)}</p>'
