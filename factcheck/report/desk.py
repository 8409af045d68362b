"""What the desk's commands print: plain lines that read well at 60 columns as at 100.

`labels` are a newsroom's own words for the verdicts, in place of ours.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from factcheck import history
from factcheck.changes import Change, reason_line
from factcheck.models import Decision, Note
from factcheck.similar import Asked, Difference, Hit
from factcheck.text.scrub import one_line
from factcheck.wording import table, verdicts

Labels = Mapping[str, str] | None
_NARROW, _WIDE = 40, 100
_SHOWN = 4  # figures or origins on one line


def verdict(value: str | None, labels: Labels = None) -> str:
    """A verdict in words."""
    return verdicts("en", labels).get(str(value or "failed"), one_line(str(value)))


def signature(note: Note) -> str:
    """One line: whether a note is signed, by whom, and whether that still stands."""
    found = history.signed(note)
    if found is None:
        return "not signed"
    line = f"signed by {one_line(found.by)}, {when(found.at)}"
    if found.stands:
        return line
    broken = history.BROKEN in found.since
    return f"{line}, then {found.changed}: {'see factcheck verify' if broken else 'sign it again'}"


def past(note: Note, width: int, labels: Labels = None) -> Iterator[str]:
    """The history, entry by entry."""
    if not note.decisions:
        yield "Nothing was decided yet."
        return
    for n, d in enumerate(note.decisions, 1):
        yield from entry(d, width, f"{n:>3}  {when(d.at)}  ", labels)
    yield f"Last hash: {history.head(note)}"


def entry(d: Decision, width: int, lead: str = "  ", labels: Labels = None) -> Iterator[str]:
    """One entry of the history, with its reason on lines of its own."""
    yield from block(lead, _told(d, labels), width)
    if d.reason:
        yield from block(" " * columns(lead) + "  ", one_line(d.reason), width)


def block(indent: str, text: str, width: int, hang: str = "") -> Iterator[str]:
    """`text` in lines of `width` columns behind `indent`; no word is cut that fits a line."""
    room = max(12, min(max(width, _NARROW), _WIDE) - columns(indent))
    lead, line = indent, ""
    for word in text.split(" "):
        while columns(word) > room:  # an address, or a language that writes no spaces
            cut = _fitting(word, room - columns(line) - bool(line))
            if not cut:
                yield lead + line
                lead, line = hang or " " * columns(indent), ""
                continue
            line, word = f"{line} {word[:cut]}" if line else word[:cut], word[cut:]
            yield lead + line
            lead, line = hang or " " * columns(indent), ""
        if line and columns(line) + 1 + columns(word) > room:
            yield lead + line
            lead, line = hang or " " * columns(indent), word
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield lead + line


def columns(text: str) -> int:
    """The columns that a text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def when(at: str) -> str:
    """A time as it is read: to the minute, UTC."""
    return one_line(at)[:16].replace("T", " ")


def _fitting(word: str, room: int) -> int:
    n = 0
    while n < len(word) and columns(word[: n + 1]) <= room:
        n += 1
    return n


def _told(d: Decision, labels: Labels) -> str:
    by = one_line(d.by)
    who = f"{by}: " if by else ""
    if d.kind == "sign":
        return f"signed by {by}"
    if d.kind == "drop":
        return f"{who}{d.claim} left out"
    if d.kind == "note":
        return f"{who}{d.claim}: {one_line(d.value)}"
    if d.kind in ("verdict", "correction") and d.claim:
        line = f"{who}{d.claim} {verdict(d.value, labels)}"
        if d.kind == "correction":
            before = d.before.get("verdict")
            stood = "left out" if d.before.get("dropped") else verdict(before, labels)
            line += f" (correction; {stood} until then)"
        return line
    if d.kind == "recheck":
        stood, now = verdict(d.before.get("verdict"), labels), verdict(d.value, labels)
        moved = f"{stood} → {now}" if stood != now else f"still {now}"
        return f"{who}{d.claim} checked again: {moved}"
    return f"{who}{one_line(d.kind)} {one_line(d.claim)}".strip()


# ---------------------------------------------------------------- recheck


def moved(change: Change, width: int, labels: Labels = None) -> Iterator[str]:
    """One claim that would come out otherwise."""
    now, before = verdict(change.now, labels), verdict(change.before, labels)
    head = f"{before} → {now}" if now != before else f"still {now}"
    yield from block(f"  {change.claim:<4} ", head, width)
    yield from block("       ", f"“{one_line(change.said)}”", width)
    flags = table("en")["flag"]
    for name, told in (
        ("figure", _versus(change.figures_before, change.figures_now)),
        ("origins", _versus(change.origins_before, change.origins_now)),
        ("now", "; ".join(flags.get(f, f) for f in change.flags_gained)),
        ("no more", "; ".join(flags.get(f, f) for f in change.flags_lost)),
    ):
        if told:
            yield from block(f"       {name:<8} ", told, width)
    for n, reason in enumerate(change.why):
        yield from block(f"       {'' if n else 'why':<8} ", one_line(reason_line(reason)), width)


def _versus(before: Sequence[str], now: Sequence[str]) -> str:
    if set(before) == set(now):
        return ""
    old, new = (
        one_line("; ".join([*x[:_SHOWN], *(["…"] if len(x) > _SHOWN else [])])) or "none"
        for x in (before, now)
    )
    return f"{old} → {new}"


# ---------------------------------------------------------------- similar


def asked(one: Asked, width: int) -> Iterator[str]:
    """The claim of a note that something was found for."""
    yield from block(f"{one.id}: ", f"“{one_line(one.text)}”", width, "  ")


def hit(found: Hit, width: int, labels: Labels = None) -> Iterator[str]:
    """An earlier claim: how near, its verdict and by whom, its words, what differs, where it is."""
    c = found.claim
    by = (
        f"signed by {one_line(c.signed_by)}, {when(c.signed_at)[:10]}"
        if c.signed_by
        else "not signed"
    )
    if c.signed_by and not c.stands:
        by += ", changed since"
    own = f" (editor; machine: {verdict(c.verdict, labels)})" if c.decided else ""
    says = verdict(c.decided or c.verdict, labels)
    perhaps = "perhaps: " if found.perhaps else ""
    yield from block(f"  {found.score:.2f}  ", f"{perhaps}{says}{own} · {by}", width)
    yield from block(
        "        ", f"“{one_line(c.said or c.statement)}” ({one_line(c.language)})", width
    )
    if found.differs:
        told = "; ".join(difference(d) for d in found.differs)
        yield from block("        ", f"same subject, but {one_line(told)}", width)
    where = " · ".join(
        one_line(x) for x in (c.title, str(c.published or ""), f"{c.path}, {c.id}") if x
    )
    yield from block("        ", where, width)


def difference(d: Difference) -> str:
    """In what an earlier claim differs from the one asked for, in words."""
    return {
        "figure": f"other figure: {d.here} vs {d.there}",
        "day": f"other day: {d.here} vs {d.there}",
        "place": f"other place: {d.here} vs {d.there}",
        "negation": f"it {d.there} what this one {d.here}",
        "act": f"other act: {d.here} vs {d.there}",
        "side": f"the other way round: {d.here}",
    }[d.kind]


def hit_json(found: Hit) -> dict[str, Any]:
    """The same as plain values."""
    c = found.claim
    return {
        "note": c.path,
        "claim": c.id,
        "score": found.score,
        "perhaps": found.perhaps,
        "said": c.said,
        "statement": c.statement,
        "language": c.language,
        "verdict": c.decided or c.verdict,
        "machine": c.verdict,
        "title": c.title,
        "published": str(c.published) if c.published else None,
        "signed": {"by": c.signed_by, "at": c.signed_at, "stands": c.stands}
        if c.signed_by
        else None,
        "differs": [{"kind": d.kind, "here": d.here, "there": d.there} for d in found.differs],
    }
