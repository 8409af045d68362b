"""A model's sentences held against the passages that they cite: what does not stand on them is dropped.

A sentence must cite; its figures, dates, names and links must stand in what it cites; words between
quotation marks must stand there letter for letter; it must be in the language of the question, without
markup, and must have something definite in common with a passage that it cites, which must not say
otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from factcheck.analysts.base import Analyst, JudgeTask, Passages
from factcheck.analysts.local.judge import pairs
from factcheck.analysts.local.stance import judge as read_by_rules
from factcheck.evidence import read_evidence
from factcheck.grounds import Ground, unproven
from factcheck.models import (
    Article,
    Assessment,
    Citation,
    Claim,
    ClaimKind,
    Evidence,
    Sentence,
    Stance,
)
from factcheck.questions.asking import small_words_of
from factcheck.reading import Reading, keys, read
from factcheck.text.fold import folded
from factcheck.text.lexicon import concepts
from factcheck.text.machine import addresses_machine, readable
from factcheck.text.scrub import one_line

_MARKUP = re.compile(r"\*\*|__|`|^\s*[#>|]|~~")
_DOMAIN = re.compile(r"(?<![\w.@])(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w.])")
_QUOTED = re.compile(r"[“„«\"]([^“”„«»\"]+)[”“»\"]")
_WORDS = 2  # words between quotation marks from which they are a quotation
_FOREIGN = 2  # small words of another language more than of its own
_DEFINITE = "npsfd"  # keys of names, places, sources, figures and dates
_LOOSE = 2  # concepts or stems that are as good as one of those
_LONG = 3  # letters of a stem that says something


def phrased(
    told: str,
    asked: str,
    shown: Sequence[Evidence],
    citations: Sequence[Citation],
    article: Article | None,
    analyst: Analyst,
    language: str,
) -> tuple[list[Sentence], str]:
    """The sentences of a model's answer that hold, and what it failed at.

    `told` is what the model is asked, `asked` the question, whose names may be repeated.
    """
    words = analyst.answer(
        Passages(article=article, question=readable(told), evidence=tuple(shown), language=language)
    )
    if words.fault:
        return [], words.fault
    out = []
    for text, numbers in words.sentences:
        if not numbers or any(not 1 <= n <= len(shown) for n in numbers):
            continue
        chosen = list(dict.fromkeys(n - 1 for n in numbers))
        cited = [citations[i] for i in chosen]
        if _holds(text, asked, cited, [shown[i] for i in chosen], language):
            out.append(Sentence(text=one_line(text), citations=tuple(c.id for c in cited)))
    return out, ""


def _holds(
    text: str, asked: str, cited: Sequence[Citation], evidence: Sequence[Evidence], language: str
) -> bool:
    grounds: list[Ground] = []
    for c in cited:
        grounds += [
            Ground(c.quote, c.published),
            Ground(c.publisher),
            Ground(" · ".join(c.origins)),
        ]
    return (
        any(c.isalpha() for c in text)
        and not addresses_machine(text)
        and not _MARKUP.search(text)
        and not _unknown_domains(text, grounds)
        and not _unsaid(text, grounds)
        and not _foreign(text, language)
        and not unproven(text, language, grounds, named=asked)
        and _related(text, language, evidence)
        and not _against(text, language, evidence)
    )


def _unknown_domains(text: str, grounds: Sequence[Ground]) -> list[str]:
    known = " ".join(g.text.casefold() for g in grounds)
    return [m.group() for m in _DOMAIN.finditer(text) if m.group() not in known]


def _unsaid(text: str, grounds: Sequence[Ground]) -> list[str]:
    """Words between quotation marks that none of the passages holds."""
    known = [" ".join(folded(g.text).casefold().split()) for g in grounds]
    quoted = [
        " ".join(folded(m[1]).casefold().split()).strip(" .,") for m in _QUOTED.finditer(text)
    ]
    return [q for q in quoted if len(q.split()) >= _WORDS and not any(q in k for k in known)]


def _foreign(text: str, language: str) -> bool:
    """The sentence is in another language than it should be, by its small words."""
    counts = small_words_of(text)
    own = counts.pop(language, None)
    return own is not None and max(counts.values()) >= own + _FOREIGN


def _related(text: str, language: str, evidence: Sequence[Evidence]) -> bool:
    """The sentence has something in common with a passage that it cites: a name, a place, a source, a
    figure or a date, or several things or words."""
    own = _telling(read(text, language), language)
    for e in evidence:
        theirs = _telling(read_evidence(e), language)
        theirs |= {k for k in keys(read(e.reference.title, "en")) if k[0] in _DEFINITE}
        shared = own & theirs
        if any(k[0] in _DEFINITE for k in shared) or len(shared) >= _LOOSE:
            return True
    return False


def _telling(reading: Reading, language: str) -> frozenset[str]:
    """The keys of a sentence without those of modifiers and of little words."""
    known = concepts()
    idle = {f"c{re.sub('_', '', name)}" for name, c in known.items() if c.kind == "modifier"}
    return frozenset(
        k
        for k in keys(reading)
        if k not in idle and not (k[0] == "w" and (len(k) <= _LONG + 1 or k[1:] in _idle(language)))
    )


def _idle(language: str) -> frozenset[str]:
    from factcheck.questions.words import phrases
    from factcheck.text.words import stem

    return frozenset(stem(w, language) for w in phrases(language, "small"))


def _against(text: str, language: str, evidence: Sequence[Evidence]) -> bool:
    """The rules read in every cited passage the contrary of what the sentence says."""
    article = Article(text=text, sha256="0" * 64, language=language)
    claim = Claim(id="q", start=0, end=len(text), said=text, statement=text,
                  kind=ClaimKind.EVENT, sentence=0)  # fmt: skip
    task = JudgeTask(article=article, claim=claim, evidence=tuple(evidence))
    return all(read_by_rules(pair).stance is Stance.CONTRADICTS for pair in pairs(task))


def told(asked: str, about: Sequence[Assessment]) -> str:
    """The question as a model is asked it, with the claims that it is about."""
    return " ".join(
        [asked, *(f"({a.claim.id}: {a.claim.said or a.claim.statement})" for a in about)]
    )
