"""Flags in plain language, what could not be established, and what to ask the author: by rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from factcheck.models import Assessment, ClaimKind, Note, Reference, Stance, Verdict
from factcheck.report import ruling
from factcheck.text.scrub import one_line
from factcheck.timeline import is_hindsight, too_old
from factcheck.wording import day, table

Lookup = Callable[[str], Reference | None]


def flags(a: Assessment, language: str) -> Iterator[tuple[str, str]]:
    """Each flag of a claim by its code, and told with the names in it."""
    short, told = table(language)["flag"], table(language, "page")["told"]
    names = _names(a, language)
    for flag in a.flags:
        fill = told.get(flag, "")
        wanted = [
            w for w in ("origins", "newer", "against", "speaker", "terms") if f"{{{w}}}" in fill
        ]
        if fill and all(names[w] for w in wanted):
            yield flag, fill.format(**names)
        else:
            yield flag, one_line(short.get(flag, flag.replace("_", " ")))


def _names(a: Assessment, language: str) -> dict[str, str]:
    """What flags and questions are filled with; empty where there is nothing to name."""
    newer = next((f for f in a.figures if f.newest and not f.agree), None)
    against = next((c for c in a.citations if c.stance is Stance.CONTRADICTS), None)
    backing = next((c for c in a.citations if c.stance is Stance.SUPPORTS), None)
    claimed = next((f.claim for f in a.figures), "")
    return {
        "origins": one_line(", ".join(a.origins)),
        "newer": _dated(newer.evidence, newer.publisher, newer.published, language)
        if newer
        else "",
        "against": _dated("", against.publisher, against.published, language) if against else "",
        "backing": _dated("", backing.publisher, backing.published, language) if backing else "",
        "speaker": one_line(_speaker(a)),
        "terms": one_line(", ".join(dict.fromkeys(x.term for x in a.claim.loaded))),
        "figure": one_line(newer.claim if newer else claimed),
        "said": short(a.claim.said or a.claim.statement),
    }


def quantity(counted: str, language: str) -> str:
    """What a figure counts, in the note's language: "children killed" is "anak, tewas". Concepts that
    have no word there keep their name."""
    words = table(language, "page")["quantity"]
    left, parts = one_line(counted).split(), []
    while left:
        n = next((n for n in range(len(left), 0, -1) if " ".join(left[:n]) in words), 0)
        parts.append(words[" ".join(left[:n])] if n else left[0])
        left = left[n or 1 :]
    return ", ".join(parts)


def _speaker(a: Assessment) -> str:
    return next((x.who for x in a.claim.attribution if x.role == "speaker"), "")


def _dated(figure: str, publisher: str, when: date | None, language: str) -> str:
    source = f"{publisher}, {day(when, language)}"
    return one_line(f"{figure} ({source})" if figure else source)


def short(text: str, most: int = 140) -> str:
    """One line of at most so many characters, cut between words."""
    line = one_line(text)
    if len(line) > most:
        return line[: most - 1].rsplit(" ", 1)[0] + "…"
    return line.rstrip(" .,;:،؛۔") or line


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a sentence of ours; `quoted`: words of the article in it, of a language of their own."""

    text: str
    quoted: bool = False


def runs(text: str, quoted: Iterable[str]) -> tuple[Run, ...]:
    """A sentence parted where it quotes the article, so that each part has its own direction."""
    line = one_line(text)
    for words in sorted({one_line(q) for q in quoted} | {short(q) for q in quoted}, key=len)[::-1]:
        if len(words) > 3 and words in line:
            before, after = line.split(words, 1)
            return tuple(r for r in (Run(before), Run(words, True), Run(after)) if r.text)
    return (Run(line),)


# ---------------------------------------------------------------- what is not known


def gaps(note: Note, a: Assessment, lookup: Lookup) -> Iterator[str]:
    """What could not be established on a claim, and for which reason."""
    words = table(note.language, "page")["gap"]
    if a.verdict is None:
        yield words["failed"].format(error=one_line(a.error or ""))
    elif a.verdict is Verdict.NOT_CHECKABLE:
        yield words["forecast" if a.claim.kind is ClaimKind.PREDICTION else "opinion"]
    elif a.verdict is Verdict.NOT_ENOUGH:
        yield words[silence(note, a, lookup)].format(count=a.searched)
    elif a.answers == "said" and a.verdict in (Verdict.SUPPORTED, Verdict.PARTLY):
        yield words["said"]
    rule = {
        "attribution": "attribution", "party": "party", "partly": "partly",
        "disputed": "disputed", "disputed_figure": "disputed_figure",
    }.get(a.rule)  # fmt: skip
    if rule:
        yield words[rule].format(speaker=one_line(_speaker(a)) or words["somebody"])
    if "single_origin" in a.flags:
        yield words["single"]
    if a.claim.injected or "injection_suspected" in a.flags:
        yield words["injected"]


def silence(note: Note, a: Assessment, lookup: Lookup) -> str:
    """Why there is not enough evidence: "nothing" is near, what is near is "near" but silent on the
    point, all of it is too "old", or only "hindsight" bears on it."""
    if a.rule == "hindsight":
        return "hindsight"
    if not a.searched or not a.nearest:
        return "nothing"
    found = [r.published for i in a.nearest if (r := lookup(i)) and r.published]
    limit = too_old(note.article.published)
    if found and len(found) == len(a.nearest):
        if limit and all(d < limit for d in found):
            return "old"
        if all(is_hindsight(d, note.article) for d in found):
            return "hindsight"
    return "near"


# ---------------------------------------------------------------- what to ask


def questions(note: Note) -> Iterator[tuple[Assessment, str]]:
    """What to put to the article's author, claim by claim: at most one for each."""
    words = table(note.language, "page")["question"]
    for a in note.assessments:
        if ruling.dropped(note, a):
            continue
        key = _asked(a, ruling.verdict(note, a))
        names = _names(a, note.language)
        while key and any(f"{{{n}}}" in words[key] and not names[n] for n in names):
            key = _PLAINER.get(key, "")
        if key:
            yield a, words[key].format(**names)


# A question for which a name is missing, and the one that does without.
_PLAINER = {
    "outdated": "contradicted_figure", "contradicted_figure": "contradicted",
    "contradicted": "source", "disputed_figure": "disputed", "disputed": "source",
    "attribution": "source", "party": "source",
}  # fmt: skip


def _asked(a: Assessment, verdict: str) -> str:
    """Which question a claim raises; none where the reports and the article agree."""
    if verdict == Verdict.CONTRADICTED:
        if "outdated_figure" in a.flags:
            return "outdated"
        return "contradicted_figure" if a.difference == "figure" else "contradicted"
    if verdict == Verdict.DISPUTED:
        return "disputed_figure" if a.difference == "figure" else "disputed"
    if "attribution_mismatch" in a.flags:
        return "attribution"
    if a.rule == "party":
        return "party"
    if verdict == Verdict.NOT_ENOUGH and a.claim.kind is not ClaimKind.OPINION:
        return "unnamed" if _speaker(a) else "source"
    return ""


def moment(iso: str, language: str) -> str:
    """A time out of a note's JSON to the minute, as the language writes the day; else as it stands."""
    try:
        at = datetime.fromisoformat(iso)
    except ValueError:
        return one_line(iso)
    zone = f" {name}" if (name := at.tzname()) else ""
    return f"{day(at.date(), language)}, {at:%H:%M}{zone}"


def written(iso: str, language: str) -> str:
    """A day out of a note's JSON as the language writes it; what is no date stays as it is."""
    try:
        return day(date.fromisoformat(iso[:10]), language)
    except ValueError:
        return one_line(iso)
