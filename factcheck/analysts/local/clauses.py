"""One fact a claim: split a statement into clauses that each carry a fact.

A clause carries a fact when it holds an action, a state or a counted figure. Splits happen at
connectors and commas only where both sides do; names joined in a list are never torn apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from factcheck.models import Span
from factcheck.reading import Reading
from factcheck.text import lexicon

_MIN_WORDS = 3
_SUBJECT_RELATIVE = 9  # words into a clause that a relative clause on its subject may start


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause (offsets into the sentence) and the subject it takes over from the one before."""

    span: Span
    subject: Span | None = None


def clauses(reading: Reading, content: Span) -> tuple[Clause, ...]:
    """The fact-bearing clauses of `content`, in order. At least one: the content itself."""
    parts = _split(reading, content)
    out: list[Clause] = []
    subject: Span | None = None
    for part in parts:
        out.extend(_relatives(reading, part, subject))
        subject = _subject(reading, part) or subject
    return tuple(out)


def carries_fact(reading: Reading, span: Span) -> bool:
    """An action or state, or a figure of something counted, stands in `span`."""
    part = reading.within(span.start, span.end)
    return any(m.concept.kind in ("action", "state") for m in part.mentions) or any(
        f.counts or f.unit != "count" for f in part.figures
    )


def _split(reading: Reading, content: Span) -> list[Span]:
    starts = [content.start]
    for at, resume in _boundaries(reading, content):
        left = Span(starts[-1], at)
        right = Span(resume, content.end)
        if _stands(reading, left) and _stands(reading, right) and not _list(reading, at, resume):
            starts.append(resume)
    ends = [*_ends(reading, starts[1:], content), content.end]
    return [_tidy(reading.text, Span(a, b)) for a, b in zip(starts, ends, strict=True)]


def _ends(reading: Reading, starts: list[int], content: Span) -> list[int]:
    """Where each clause ends: before the connector that opens the next one."""
    bounds = dict((resume, at) for at, resume in _boundaries(reading, content))
    return [bounds[s] for s in starts]


def _stands(reading: Reading, span: Span) -> bool:
    part = reading.within(span.start, span.end)
    if not carries_fact(reading, span):
        return False
    return len(part.words) >= _MIN_WORDS or any(f.counts for f in part.figures)


def _boundaries(reading: Reading, content: Span) -> list[tuple[int, int]]:
    """Places where a clause may end and the next begin: (end of the left, start of the right)."""
    text, language = reading.text, reading.language
    joins = (
        lexicon.phrases(language, "coordinators")
        | lexicon.phrases(language, "contrast")
        | lexicon.phrases(language, "subordinators")
    )
    out: list[tuple[int, int]] = []
    tokens = [w for w in reading.words if content.start <= w.start and w.end <= content.end]
    quoted = _quoted(text)
    for i, word in enumerate(tokens):
        if i == 0:
            continue
        previous = tokens[i - 1]
        between = text[previous.end : word.start]
        if any(a < word.start < b for a, b in quoted) and not any(
            a < content.start and content.end < b + 2 for a, b in quoted
        ):
            continue
        length = next(
            (
                n
                for n in (3, 2, 1)
                if i + n <= len(tokens)
                and text[word.start : tokens[i + n - 1].end].casefold() in joins
            ),
            0,
        )
        if length and i + length < len(tokens):
            out.append((previous.end, tokens[i + length].start))
        elif re.search(r"[;؛:]|\s[–—-]\s|[,،]", between):
            out.append((previous.end, word.start))
        elif language == "ar" and word.text.startswith("و") and len(word.text) > 4 and _verb(
            reading, word.start
        ):
            out.append((previous.end, word.start))
    return out


def _verb(reading: Reading, start: int) -> bool:
    return any(m.start == start and m.concept.kind == "action" for m in reading.mentions)


def _quoted(text: str) -> list[tuple[int, int]]:
    return [(m.start(), m.end()) for m in re.finditer(r"“[^”]*”|«[^»]*»|„[^“”]*[“”]|\"[^\"]*\"", text)]


def _list(reading: Reading, at: int, resume: int) -> bool:
    """The words on both sides are names: a list, not two clauses."""
    left = any(n.end == at for n in (*reading.names, *reading.sources))
    right = any(n.start == resume for n in (*reading.names, *reading.sources))
    comma_only = not reading.text[at:resume].strip(" ,،\u00a0\"”’'")
    return left and right and (not comma_only or not _next_is_verb(reading, resume))


def _next_is_verb(reading: Reading, at: int) -> bool:
    after = [w for w in reading.words if w.start >= at][:3]
    return any(_verb(reading, w.start) for w in after[1:])


# ---------------------------------------------------------------- relative clauses


def _relatives(reading: Reading, span: Span, subject: Span | None) -> list[Clause]:
    """A clause, parted from a relative clause on its subject or given one of its object beside."""
    text, language = reading.text, reading.language
    pronouns = lexicon.phrases(language, "relatives")
    helpers = lexicon.phrases(language, "auxiliaries")
    tokens = [w for w in reading.words if span.start <= w.start and w.end <= span.end]
    for i, word in enumerate(tokens):
        if i == 0 or word.text.casefold() not in pronouns:
            continue
        if any(a < word.start < b for a, b in _quoted(text)):
            continue
        end = span.end
        closed = False
        for j in range(i + 2, len(tokens)):
            between = text[tokens[j - 1].end : tokens[j].start]
            if re.search(r"[,،;]", between) or (
                tokens[j].text.casefold() in helpers and _acts_after(reading, tokens[j].start, span.end)
            ):
                end, closed = tokens[j - 1].end, True
                break
        inner = Span(word.start, end)
        if not carries_fact(reading, inner) or len(reading.within(inner.start, inner.end).words) < 4:
            continue
        head = _head(reading, tokens[0].start, word.start) if i <= _SUBJECT_RELATIVE else None
        rest = _tidy(text, Span(end, span.end))
        if closed and head is not None and _stands(reading, rest):
            first = Clause(_tidy(text, Span(tokens[0].start, end)), subject)
            return [first, *_relatives(reading, rest, _tidy(text, head))]
        start = head.start if head is not None and closed else word.start
        return [Clause(span, subject), Clause(_tidy(text, Span(start, end)), subject)]
    return [Clause(span, subject)]


def _acts_after(reading: Reading, start: int, end: int) -> bool:
    return carries_fact(reading, Span(start, end)) or end - start > 12


def _head(reading: Reading, start: int, end: int) -> Span:
    """The noun phrase that a relative clause hangs on: what stands before it, after any comma."""
    before = reading.text[start:end]
    comma = max(before.rfind(","), before.rfind("،"))
    return Span(start + comma + 1 if comma >= 0 else start, end)


def _subject(reading: Reading, span: Span) -> Span | None:
    """The words before the first action of a clause, when an actor or a name is among them."""
    part = reading.within(span.start, span.end)
    acts = [m for m in part.mentions if m.concept.kind in ("action", "state")]
    if not acts:
        return None
    end = acts[0].start
    named = [
        *(m for m in part.mentions if m.concept.kind == "actor"), *part.names, *part.sources
    ]  # fmt: skip
    ahead = [n for n in named if n.end <= end]
    if not ahead:
        return None
    tidy = _tidy(reading.text, Span(min(n.start for n in ahead), end))
    helpers = lexicon.phrases(reading.language, "auxiliaries")
    words = [w for w in reading.words if tidy.start <= w.start and w.end <= tidy.end]
    while words and words[-1].text.casefold() in helpers:
        words.pop()
    return Span(tidy.start, words[-1].end) if words else None


def _tidy(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and not (text[start].isalnum() or text[start] in "“«\"„([‘$€£"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",،;؛:–—-"):
        end -= 1
    return Span(start, end)
