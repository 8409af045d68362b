"""Rationales and summary from fixed phrases: every sentence carries the citations it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from factcheck.analysts.base import Writing
from factcheck.models import (
    Article,
    Assessment,
    Citation,
    ClaimKind,
    FigureCheck,
    Sentence,
    Stance,
    Verdict,
)
from factcheck.wording import day, say

_ALSO = 3  # further publishers named
_LISTED = 6  # claims singled out in the summary


def write(article: Article, found: Sequence[Assessment], language: str) -> Writing:
    """A short plain rationale for each claim, and what an editor should see first."""
    return Writing(
        rationales={a.claim.id: tuple(_rationale(a, language)) for a in found},
        summary=tuple(_summary(article, found, language)),
    )


def _rationale(a: Assessment, language: str) -> list[Sentence]:
    match a.verdict:
        case None:
            return [_plain(language, "failed", error=a.error or "")]
        case Verdict.NOT_CHECKABLE:
            key = "prediction" if a.claim.kind is ClaimKind.PREDICTION else "opinion"
            return [_plain(language, key)]
        case Verdict.NOT_ENOUGH:
            if a.rule == "hindsight":
                late = tuple(c.id for c in a.citations if c.hindsight)
                return [_cited(say(language, "rationale", "hindsight"), late)]
            return [_plain(language, "near" if a.searched else "nothing")]
        case Verdict.SUPPORTED:
            return _supported(a, language)
        case Verdict.PARTLY:
            return _partly(a, language)
        case Verdict.CONTRADICTED:
            return _contradicted(a, language)
        case Verdict.DISPUTED:
            return _disputed(a, language)


def _supported(a: Assessment, language: str) -> list[Sentence]:
    cited = _of(a, Stance.SUPPORTS)
    if not cited:
        return _current_figures(a, language)
    out = [_by(cited[0], "supported", language)]
    others = [c for c in cited[1:] if c.publisher != cited[0].publisher]
    named = list({c.publisher: c for c in others}.values())[:_ALSO]
    if named:
        text = say(language, "rationale", "also", publishers="; ".join(c.publisher for c in named))
        out.append(_cited(text, tuple(c.id for c in named)))
    if "single_origin" in a.flags and a.origins:
        text = say(language, "rationale", "origins_one", origin=", ".join(a.origins))
        out.append(_cited(text, tuple(c.id for c in cited)))
    return out + _current_figures(a, language)


def _partly(a: Assessment, language: str) -> list[Sentence]:
    cited = _of(a, Stance.SUPPORTS) + _of(a, Stance.QUALIFIES)
    out = [_by(c, "partly", language) for c in cited[:2]]
    if "attribution_mismatch" in a.flags:
        speaker = next((x.who for x in a.claim.attribution if x.role == "speaker"), "")
        text = say(language, "rationale", "attribution", speaker=speaker)
        out = [_cited(text, tuple(c.id for c in cited))]
    out += [_by(c, "contradicted", language, a) for c in _of(a, Stance.CONTRADICTS)[:1]]
    return out


def _contradicted(a: Assessment, language: str) -> list[Sentence]:
    out: list[Sentence] = []
    if a.rule == "outdated":
        older = [f for f in a.figures if f.agree and not f.hindsight and f.published]
        newer = [f for f in a.figures if f.newest and not f.agree]
        if older:
            out.append(_figure("outdated", older[-1], language))
        if newer:
            out.append(_figure("newer", newer[0], language))
        return out
    out = [_by(c, "contradicted", language, a) for c in _of(a, Stance.CONTRADICTS)[:2]]
    return out + _current_figures(a, language)


def _disputed(a: Assessment, language: str) -> list[Sentence]:
    yes, no = _of(a, Stance.SUPPORTS), _of(a, Stance.CONTRADICTS)
    out = [_by(c, "disputed_yes", language) for c in yes[:1]]
    out += [_by(c, "disputed_no", language, a) for c in no[:1]]
    return out + _current_figures(a, language)


def _current_figures(a: Assessment, language: str) -> list[Sentence]:
    """The newest figures of the claim's quantity, one sentence each publisher, at most two."""
    newest = {f.publisher: f for f in a.figures if f.newest}
    return [_figure("figure_now", f, language) for f in list(newest.values())[:2]]


def _of(a: Assessment, stance: Stance) -> list[Citation]:
    return [c for c in a.citations if c.stance is stance and not c.hindsight]


def _by(c: Citation, key: str, language: str, a: Assessment | None = None) -> Sentence:
    reason = _difference(a, language) if a else ""
    undated = f"{key}_undated"
    if c.published is None and undated in ("supported_undated", "partly_undated",
                                           "contradicted_undated"):  # fmt: skip
        key = undated
    text = say(language, "rationale", key, publisher=c.publisher, date=day(c.published, language),
               reason=reason)  # fmt: skip
    return _cited(text, (c.id,))


def _difference(a: Assessment, language: str) -> str:
    return say(language, "difference", a.difference or "other")


def _figure(key: str, f: FigureCheck, language: str) -> Sentence:
    text = say(language, "rationale", key, claim=f.claim, figure=f.evidence, publisher=f.publisher,
               date=day(f.published, language))  # fmt: skip
    return _cited(text, (f.citation,))


def _plain(language: str, key: str, **values: object) -> Sentence:
    return Sentence(text=say(language, "rationale", key, **values), status="uncited")


def _cited(text: str, citations: tuple[str, ...]) -> Sentence:
    return Sentence(text=text, citations=citations, status="cited" if citations else "uncited")


# ---------------------------------------------------------------- summary


def _summary(article: Article, found: Sequence[Assessment], language: str) -> list[Sentence]:
    out: list[Sentence] = []
    for a in found:
        if len(out) >= _LISTED:
            break
        if a.verdict is Verdict.CONTRADICTED and a.rule == "outdated":
            newer = [f for f in a.figures if f.newest and not f.agree]
            if newer:
                f = newer[0]
                text = say(language, "summary", "outdated", said=a.claim.said, figure=f.evidence,
                           publisher=f.publisher, date=day(f.published, language))  # fmt: skip
                out.append(_cited(text, (f.citation,)))
        elif a.verdict in (Verdict.CONTRADICTED, Verdict.DISPUTED):
            against = _of(a, Stance.CONTRADICTS)
            if against:
                c = against[0]
                text = say(language, "summary", str(a.verdict), said=a.claim.said,
                           publisher=c.publisher, date=day(c.published, language))  # fmt: skip
                out.append(_cited(text, (c.id,)))
    return out
