"""Explanations by a language model, for claims that have something to cite; rules write the rest.

Where the model fails, leaves a claim out or writes in another language, the rules write that
claim's explanation: a verdict never stands without one. What is too long is written in parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from factcheck import prompts
from factcheck.analysts.base import Writing
from factcheck.analysts.llm.parts import Asker, halves
from factcheck.analysts.llm.shapes import WordsShape, WriteReply
from factcheck.analysts.local import write as rules
from factcheck.errors import FactcheckError
from factcheck.models import Article, Assessment, Citation, Sentence, Stance, Verdict
from factcheck.provider import Question
from factcheck.text.language import identify
from factcheck.text.machine import addresses_machine, readable

GROUP = 13  # claims a call
_QUOTES = 4  # quotations shown for a claim
_LONG = 500  # characters of a quotation that are shown
_SENTENCES = 3
_WORDS = 400  # characters of a sentence
_SUMMARY = 14  # claims in the summary's call
_TOLD = 80  # letters from which a language can be told
_NAMES = {"en": "English", "id": "Indonesian"}
_FIRST = (Verdict.CONTRADICTED, Verdict.DISPUTED, Verdict.PARTLY, Verdict.SUPPORTED)


@dataclass(frozen=True)
class _Part:
    """What is written in one answer: the claims' explanations, a summary of them, or both."""

    claims: Sequence[Assessment]
    explained: bool = True
    summary: bool = False


def write(article: Article, found: Sequence[Assessment], language: str, asker: Asker) -> Writing:
    """Rationales by claim id, and a summary."""
    by_rules = rules.write(article, found, language)
    cited = [a for a in found if _quotes(a)]
    if not cited:
        return by_rules
    rationales = dict(by_rules.rationales)
    summary = by_rules.summary
    known = {a.claim.id for a in cited}
    for part, reply in asker.ask(_parts(cited), lambda part: _question(part, language), _smaller):
        if isinstance(reply, FactcheckError):
            continue
        for written in reply.claims:
            sentences = _sentences(written.sentences, language)
            if sentences and written.claim in known:
                rationales[written.claim] = sentences
        if part.summary:
            summary = _sentences(reply.summary, language, most=5) or summary
    return Writing(rationales=rationales, summary=summary)


def _parts(cited: Sequence[Assessment]) -> list[_Part]:
    """Groups about equally long; where there are several, the summary is an answer of its own."""
    count = -(-len(cited) // GROUP)
    share = -(-len(cited) // count)
    if count == 1:
        return [_Part(cited, summary=True)]
    groups = [_Part(cited[i : i + share]) for i in range(0, len(cited), share)]
    return [*groups, _summary(cited)]


def _summary(cited: Sequence[Assessment]) -> _Part:
    """The summary alone, of the claims that an editor should see first."""
    first = sorted(cited, key=lambda a: (a.verdict is None, _FIRST.index(a.verdict)
                                         if a.verdict in _FIRST else len(_FIRST)))  # fmt: skip
    return _Part(first[:_SUMMARY], explained=False, summary=True)


def _smaller(part: _Part) -> list[_Part]:
    """The parts of one that is too long; a summary is then of the first half of its claims."""
    parts = halves(part.claims)
    if not part.explained:
        return [_Part(p, explained=False, summary=True) for p in parts[:1]]
    return [*map(_Part, parts), *([_summary(part.claims)] if parts and part.summary else [])]


def _question(part: _Part, language: str) -> Question[WriteReply]:
    wanted = ["the explanation of every claim"] if part.explained else []
    wanted += ["the summary"] if part.summary else []
    missing = {a.claim.id for a in part.claims} if part.explained else set()
    return Question(
        prompt=prompts.load("write"),
        values={
            "about": "Verification note for a news article.",
            "language": _NAMES.get(language, language),
            "wanted": " and ".join(wanted) + ("" if part.explained else " alone"),
            "claims": "\n".join(_line(a) for a in part.claims),
        },
        shape=WriteReply,
        check=lambda reply: _complaint(reply, missing, language),
    )


def _line(a: Assessment) -> str:
    origins = ", ".join(map(_name, a.origins))
    parts = [
        a.claim.id,
        str(a.verdict),
        ", ".join((*a.flags, *([f"origin: {origins}"] if origins else []))) or "-",
        readable(a.claim.said)[:_LONG],
    ]
    for c in _quotes(a):
        when = c.published.isoformat() if c.published else "undated"
        parts.append(
            f"{c.id} {c.stance} ({_name(c.publisher)}, {when}): {readable(c.quote)[:_LONG]}"
        )
    return " | ".join(parts)


def _name(text: str) -> str:
    """A publisher's or an origin's name as a model is shown it."""
    shown = readable(text)[:60]
    return "unnamed" if addresses_machine(shown) else shown


def _quotes(a: Assessment) -> list[Citation]:
    """The quotations that an explanation is about: those with a stance, and current figures."""
    if a.verdict in (None, Verdict.NOT_CHECKABLE, Verdict.NOT_ENOUGH):
        return []
    newest = {f.citation for f in a.figures if f.newest}
    telling = [c for c in a.citations if c.stance is not Stance.CONTEXT or c.id in newest]
    return telling[:_QUOTES]


def _complaint(reply: WriteReply, wanted: set[str], language: str) -> str:
    out = []
    if missing := sorted(wanted - {w.claim for w in reply.claims}):
        out.append(f"claims {missing[:10]} are missing")
    text = " ".join(
        s.text for s in (*reply.summary, *(s for w in reply.claims for s in w.sentences))
    )
    if _foreign(text, language):
        out.append(f"the text is not in {_NAMES.get(language, language)}")
    return "; ".join(out)


def _foreign(text: str, language: str) -> bool:
    return len(text) >= _TOLD and identify(text[:2000], language) != language


def _sentences(
    shapes: Sequence[WordsShape], language: str, most: int = _SENTENCES
) -> tuple[Sentence, ...]:
    if _foreign(" ".join(s.text for s in shapes), language):
        return ()
    return tuple(
        Sentence(text=readable(s.text)[:_WORDS], citations=tuple(s.cites), status="proposed")
        for s in shapes[:most]
        if s.text.strip()
    )
