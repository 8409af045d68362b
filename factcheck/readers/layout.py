"""Lines as they stand on printed pages, made into running text.

Printed pages repeat a heading, number themselves, break words at the end of lines and lines in the
middle of sentences. What is done about it is what can be told from the pages themselves; where it
cannot be told, the line stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

_EDGE = 2  # lines at the head and at the foot of a page where running headings stand
_SHARE = 0.5  # of the pages that must carry a line for it to be a running heading
_LEAST = 3  # pages
_LONGEST = 150  # characters of a running heading
_NUMBERED = 60  # characters of one in which figures change from page to page
_FULL = 0.7  # of the page's usual width: a shorter line ends its paragraph
_BROKEN = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")  # a word broken at the end of a line
_HYPHENED = re.compile(r"[^\W_][-\u2010]$")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_END = ".!?…:;؟。।۔"
_CLOSERS = "\"'”’»)]}›0123456789"  # after a full stop; digits: the number of a footnote
_BULLET = re.compile(r"[-*•–—▪●○■□✓]\s+\S")
_NUMBER = re.compile(
    r"\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s+\S"
)  # of an item, or ending a sentence
_FIGURE = re.compile(r"[(+\-−]?\d[\d.,'%/:]*\)?%?")


def text_of(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """The text of all pages and the offset at which each begins.

    `text[at[n]:at[n + 1]]` is page n (the last one ends with the text). A word or sentence that
    runs over a page's end is joined and belongs to the page on which it begins.
    """
    lined = _without_running([[x.strip() for x in page.splitlines()] for page in pages])
    words = Counter(w.casefold() for page in lined for x in page for w in _WORD.findall(x))
    pieces: list[str] = []
    for page in lined:
        shown = _paragraphs(page, words)
        if pieces and pieces[-1] and shown:
            pieces[-1], shown = _over_the_page(pieces[-1], shown, words)
        pieces.append(shown + "\n\n" if shown else "")
    at = [0, *accumulate(map(len, pieces))]
    return "".join(pieces), tuple(at[: len(pages)])


def _over_the_page(before: str, shown: str, words: Counter[str]) -> tuple[str, str]:
    """The end of a page and the beginning of the next, with a word that was broken made whole."""
    head = before.rstrip("\n")
    first, _, rest = shown.partition(" ")
    if _BROKEN.search(head) and first[:1].islower() and rest:
        return _joined(head, first, words) + " ", rest
    if _runs_on(head, shown):
        return head + " ", shown
    return before, shown


def _runs_on(line: str, after: str) -> bool:
    """A sentence that goes on: no full stop, and small letters follow."""
    return line.rstrip(_CLOSERS)[-1:] not in _END and after[:1].islower()


# ---------------------------------------------------------------- running headings


def _without_running(pages: list[list[str]]) -> list[list[str]]:
    """The pages without the headings, footers and page numbers that most of them carry."""
    edges = [_edges(page) for page in pages]
    carried = Counter(key for page in edges for key in {k for _, k in page})
    least = max(_LEAST, _SHARE * sum(any(page) for page in pages))
    running = {key for key, n in carried.items() if n >= least}
    out = []
    for page, edge in zip(pages, edges, strict=True):
        gone = {i for i, key in edge if key in running}
        kept = [x for i, x in enumerate(page) if i not in gone]
        out.append(kept if any(kept) else page)  # a page of nothing else keeps what it has
    return out


def _edges(page: list[str]) -> list[tuple[int, str]]:
    """The lines at a page's head and foot, by what they can have in common with those of others:
    their words, and at which end they stand."""
    filled = [i for i, x in enumerate(page) if x]
    head, foot = filled[:_EDGE], filled[-_EDGE:]
    return [
        (i, end + _common(page[i]))
        for end, rows in (("^", head), ("$", foot))
        for i in rows
        if len(page[i]) <= _LONGEST
    ]


def _common(line: str) -> str:
    """A line without its figures, where it is short and no sentence: "Page 3 of 12"."""
    numbered = len(line) <= _NUMBERED and line[-1:] not in _END
    return re.sub(r"\d+", "#", line.casefold()) if numbered else line


# ---------------------------------------------------------------- paragraphs


def _paragraphs(lines: Sequence[str], words: Counter[str]) -> str:
    """A page's paragraphs, parted by blank lines: wrapped lines joined, a table's rows apart."""
    widths = sorted(len(x) for x in lines if len(x) > 20)
    usual = widths[int(0.9 * (len(widths) - 1))] if widths else 0
    out: list[str] = []
    above = ""  # the printed line above
    for line in lines:
        joined = _join(out[-1], above, line, usual, words) if above and line else None
        if joined is not None:
            out[-1] = joined
        elif line:
            out.append(line)
        above = line
    return "\n\n".join(out)


def _join(paragraph: str, line: str, after: str, usual: int, words: Counter[str]) -> str | None:
    """The paragraph with the line that follows, or None where that begins something new."""
    whole = len(line) >= _FULL * usual
    ended = line.rstrip(_CLOSERS)[-1:] in _END
    if _BULLET.match(after) or _row(line) or _row(after):
        return None
    if _NUMBER.match(after) and (ended or not whole):
        return None
    if _BROKEN.search(line) and after[:1].islower():
        first, _, rest = after.partition(" ")
        return " ".join(filter(None, (_joined(paragraph, first, words), rest)))
    if _HYPHENED.search(line) and after[:1].isalnum():
        return paragraph + after  # "Al-" and "Nusra", "2012-" and "2013"
    if ended:
        return None
    if after[:1].islower() or whole:
        return f"{paragraph} {after}"
    return None


def _row(line: str) -> bool:
    """A row of a table: figures make a good part of it."""
    tokens = line.split()
    figures = sum(bool(_FIGURE.fullmatch(t)) for t in tokens)
    return figures >= 2 and figures >= len(tokens) / 3


def _joined(before: str, after: str, words: Counter[str]) -> str:
    """A broken word made whole, with or without its hyphen.

    The document tells: whichever of the two it has elsewhere. Else the hyphen was the printer's,
    save in a word that repeats itself ("orang-orang", as Indonesian plurals do).
    """
    m = _BROKEN.search(before)
    assert m is not None
    stem = before[: m.end(1)]
    tail = _WORD.match(after)
    left, right = m[1].casefold(), (tail[0] if tail else after).casefold()
    whole, parted = words[left + right], words[f"{left}-{right}"]
    soft = before.endswith("\u00ad") or whole > parted
    if not soft and (parted or right.startswith(left)):
        return f"{stem}-{after}"
    return stem + after
