"""Sentences into claims by a language model: windows of an article, asked at once.

Every sentence is in exactly one window, so that none is lost and none is read twice; the two
sentences before a window go with it for understanding only. A window that is too long for the model
is read in parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from factcheck import prompts
from factcheck.analysts.base import ClaimDraft, SentenceDraft
from factcheck.analysts.llm.parts import Asker, halves
from factcheck.analysts.llm.shapes import ClaimShape, ExtractReply, SentenceShape
from factcheck.errors import FactcheckError
from factcheck.models import Article, Attribution, LedgerKind, Span
from factcheck.provider import Question
from factcheck.sources import Register
from factcheck.text.language import identify
from factcheck.text.machine import addresses_machine, readable
from factcheck.text.quotes import anchor

WINDOW = 15  # sentences a call
_LETTERS = 6_000  # characters a call
_BEFORE = 2  # sentences shown before a window
_LONG = 1_500  # characters of one sentence that are shown
_TOLD = 4  # faults named in a complaint
LEFT_OUT = (
    "the model left this sentence out",
    "the model gave no claim for a sentence that holds one",
)


def extract(article: Article, sentences: Sequence[Span], asker: Asker) -> list[SentenceDraft]:
    """One draft a sentence, in order; those of a failed call are `failed` with its error."""
    texts = [readable(article.text[s.start : s.end])[:_LONG] for s in sentences]
    drafts: dict[int, SentenceDraft] = {}
    for window, reply in asker.ask(
        _windows(texts), lambda window: _question(article, texts, window), halves
    ):
        drafts.update(_drafts(window, reply, article.language))
    return [drafts[number] for number in range(len(texts))]


def _drafts(
    window: Sequence[int], reply: ExtractReply | FactcheckError, language: str
) -> Iterator[tuple[int, SentenceDraft]]:
    """What an answer makes of each sentence of its window; of one listed twice the first counts."""
    if isinstance(reply, FactcheckError):
        yield from ((number, _failed(reason_of(reply))) for number in window)
        return
    read: dict[int, SentenceShape] = {}
    for shape in reply.sentences:
        read.setdefault(shape.n, shape)
    for number in window:
        found = read.get(number + 1)
        yield number, _draft(found, number, language) if found else _failed(LEFT_OUT[0])


def reason_of(error: FactcheckError) -> str:
    """An error as the reason for which something failed."""
    kind = getattr(error, "kind", "budget")
    return f"{kind}: {error}"


def _windows(texts: Sequence[str]) -> list[Sequence[int]]:
    """Runs of sentences, about equally long, none above WINDOW sentences or _LETTERS characters."""
    out: list[Sequence[int]] = []
    start = size = 0
    share = -(-len(texts) // max(1, -(-len(texts) // WINDOW)))
    for number, text in enumerate(texts):
        if number > start and (number - start >= share or size + len(text) > _LETTERS):
            out.append(range(start, number))
            start, size = number, 0
        size += len(text)
    if start < len(texts):
        out.append(range(start, len(texts)))
    return out


def _question(
    article: Article, texts: Sequence[str], window: Sequence[int]
) -> Question[ExtractReply]:
    before = [readable(p)[:200] for p in (article.title, article.outlet) if p]
    before += texts[max(0, window[0] - _BEFORE) : window[0]]
    before = [line for line in before if not addresses_machine(line)]
    return Question(
        prompt=prompts.load("extract"),
        values={
            "about": about(article),
            "before": "\n".join(before) or "(none)",
            "sentences": "\n".join(f"[{n + 1}] {texts[n]}" for n in window),
        },
        shape=ExtractReply,
        check=lambda reply: _complaint(reply, texts, window),
    )


def about(article: Article) -> str:
    """What a model is told of an article by us: language and date, nothing from outside."""
    when = article.published.isoformat() if article.published else "on an unknown date"
    if article.published_inferred:
        when = f"not before {when}"
    return f"The article is in the language with the code {article.language}, published {when}."


def _complaint(reply: ExtractReply, texts: Sequence[str], window: Sequence[int]) -> str:
    wanted = {n + 1 for n in window}
    given = [s.n for s in reply.sentences]
    out = []
    if missing := sorted(wanted - set(given)):
        out.append(f"sentences {missing[:10]} are missing")
    if unknown := sorted(set(given) - wanted):
        out.append(f"there are no sentences {unknown[:10]}")
    for sentence in reply.sentences:
        if sentence.n not in wanted:
            continue
        if sentence.kind == "claim" and not sentence.claims:
            out.append(f"sentence {sentence.n} is a claim but has none")
        out += [
            f"the anchor {claim.anchor[:60]!r} is not in sentence {sentence.n}"
            for claim in sentence.claims
            if not anchor(claim.anchor, texts[sentence.n - 1])
        ]
    return "; ".join(out[:_TOLD])


def _failed(reason: str) -> SentenceDraft:
    return SentenceDraft(kind=LedgerKind.FAILED, reason=reason)


def _draft(shape: SentenceShape, number: int, language: str) -> SentenceDraft:
    claims = tuple(_claim(c, number, language) for c in shape.claims)
    kind = LedgerKind(shape.kind)
    reason = _few_words(shape.reason, 6)
    if kind is LedgerKind.CLAIM and not claims:
        return _failed(LEFT_OUT[1])
    if claims and kind in (LedgerKind.BACKGROUND, LedgerKind.BOILERPLATE):
        kind, reason = LedgerKind.CLAIM, ""
    return SentenceDraft(kind=kind, claims=claims, reason=reason)


def _claim(shape: ClaimShape, number: int, language: str) -> ClaimDraft:
    statement = readable(shape.statement)[:600]
    return ClaimDraft(
        sentence=number,
        anchor=shape.anchor,
        statement=statement,
        kind=shape.claim_kind,
        attribution=tuple(
            Attribution(who=readable(link.who), role=link.role, source=_source(link.who))
            for link in shape.chain[:4]
        ),
        language=identify(statement, "en"),
        loaded=tuple((readable(x.term), _few_words(x.neutral, 4)) for x in shape.loaded[:6]),
    )


def _few_words(text: str, most: int) -> str:
    """A model's own few words where they are no more than that; else nothing."""
    plain = readable(text)
    odd = re.search(r"[^\w\s,.'’()/-]|\d|www|\w{30}", plain) or addresses_machine(plain)
    return "" if odd or len(plain.split()) > most else plain


def _source(who: str) -> str | None:
    register = Register.load()
    if named := register.named(who):
        return named.short
    found = register.find(who)
    return found[0].source.short if found else None
