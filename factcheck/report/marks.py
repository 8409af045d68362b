"""The article's text cut into pieces at the bounds of claims, so that each claim can be marked in it.

Claims may overlap and lie in one another: a piece knows all the claims that it is part of, the
shortest of them last. The pieces and gaps put together are the text again, character for character.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from factcheck.models import Span
from factcheck.text.scrub import for_page
from factcheck.text.split import paragraphs


@dataclass(frozen=True, slots=True)
class Piece:
    """Text under one set of claims. `opens` are the claims that begin with it."""

    text: str
    claims: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`before` is the white space that stands between the last paragraph and this one."""

    before: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    paragraphs: tuple[Paragraph, ...]
    after: str  # what follows the last paragraph

    def opened(self) -> frozenset[int]:
        """The claims that have a place in the text."""
        return frozenset(n for p in self.paragraphs for x in p.pieces for n in x.opens)

    def text(self) -> str:
        """The article's text as it is shown."""
        told = (p.before + "".join(x.text for x in p.pieces) for p in self.paragraphs)
        return "".join(told) + self.after


def mark(text: str, spans: Sequence[tuple[int, int, int]]) -> Marked:
    """Cut `text` at the bounds of claims, each a number, a start and an end (code points).

    Spans that are empty or lie outside the text are left out.
    """
    shown = for_page(text)
    inside = [(n, a, b) for n, a, b in spans if 0 <= a < b <= len(text)]
    out: list[Paragraph] = []
    opened: set[int] = set()
    at = 0
    for block in paragraphs(text):
        start, end = _trimmed(text, block)
        here = [(n, max(a, start), min(b, end), n not in opened) for n, a, b in inside
                if a < end and start < b]  # fmt: skip
        opened.update(n for n, *_ in here)
        out.append(Paragraph(shown[at:start], tuple(_pieces(shown, start, end, here))))
        at = end
    return Marked(tuple(out), shown[at:])


def _trimmed(text: str, block: Span) -> tuple[int, int]:
    said = text[block.start : block.end]
    return block.start + len(said) - len(said.lstrip()), block.start + len(said.rstrip())


def _pieces(
    shown: str, start: int, end: int, spans: Sequence[tuple[int, int, int, bool]]
) -> list[Piece]:
    """The pieces of one paragraph. A claim that began in an earlier one does not open here."""
    cuts = sorted({start, end, *(a for _, a, _, _ in spans), *(b for _, _, b, _ in spans)})
    out = []
    for a, b in itertools.pairwise(cuts):
        over = sorted((s for s in spans if s[1] <= a < s[2]), key=lambda s: (s[1] - s[2], s[0]))
        opens = tuple(n for n, at, _, first in over if first and at == a)
        out.append(Piece(shown[a:b], tuple(n for n, *_ in over), opens))
    return out
