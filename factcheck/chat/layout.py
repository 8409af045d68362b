"""Lines on a screen: words from outside made harmless, cut, and broken under an indent."""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from factcheck.text.scrub import one_line

INDENT = "  "
_HANG = 4  # columns by which a line that was broken goes on further in


def outside(text: str) -> str:
    """Words from outside on one line; right-to-left words keep to themselves."""
    flat = one_line(text)
    return f"\u2068{flat}\u2069" if _right_to_left(flat) else flat


def _right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)


def short(text: str, room: int) -> str:
    """Words from outside cut to so many cells; an isolate that is begun is ended."""
    flat = one_line(text)
    if cell_len(flat) > room:
        flat = set_cell_size(flat, room - 1).rstrip() + "…"
    return f"\u2068{flat}\u2069" if _right_to_left(flat) else flat


def hung(line: Text, width: int) -> Text:
    """The line broken at `width`, its rest under an indent further in than where it began."""
    width = max(width, 2 * _HANG)
    if cell_len(line.plain) <= width:
        return line
    begins = len(line.plain) - len(line.plain.lstrip(" "))
    indent = " " * min(begins + _HANG, width // 2)
    console = Console(width=width, color_system=None)
    first = line.wrap(console, width)[0]
    rest = line[len(first.plain) :]
    while rest.plain.startswith(" "):
        rest = rest[1:]
    pieces = [first, *rest.wrap(console, width - len(indent))]
    out = Text(style=line.style, no_wrap=True, overflow="ignore")
    isolated = False  # an isolate that a break has cut is ended, and begun again on the next line
    for n, piece in enumerate(pieces):
        piece.rstrip()
        out.append(f"\n{indent}" if n else "").append("\u2068" if isolated else "")
        opened = piece.plain.count("\u2068") - piece.plain.count("\u2069") + isolated
        isolated = opened > 0
        out.append_text(piece).append("\u2069" if isolated else "")
    return out
