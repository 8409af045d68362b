"""What a question means: its language, what it leans on, and the claims it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from factcheck.models import Assessment, Note
from factcheck.questions.narrowing import times
from factcheck.questions.records import Turn
from factcheck.questions.words import EVERY, asks, bare, either, kind, languages, openings, phrases
from factcheck.reading import read
from factcheck.text.dates import dates, western_digits
from factcheck.text.figures import figures
from factcheck.text.language import SERVED, identify_among
from factcheck.text.names import names
from factcheck.text.words import is_arabic, tokens

_FEW = 3  # words: of fewer the language is not guessed
_ALONE = 5  # words: a shorter question may lean on the one before
_CLAIMS = 3  # claims that one question may speak of


# ---------------------------------------------------------------- language


def language_of(question: str, before: Sequence[Turn] = (), note: Note | None = None) -> str:
    """The question's language, out of those that the interface, the rules and the article know; of
    one too short to tell, that of the question before, or of the note."""
    usual = before[-1].language if before and before[-1].language else ""
    usual = usual or (note.language if note else "en")
    words = [w.casefold() for w, _, _ in tokens(question)]
    if before and words and words[0] in openings():
        return openings()[words[0]]
    own = note.article.language if note else ""
    if own in ("", *languages()) and (told := _by_small_words(words, question)):
        return told
    if len(words) < _FEW and before:
        return usual
    codes = tuple(sorted({c for c in (*languages(), own) if c in SERVED}))
    return identify_among(question, codes, usual)


def _by_small_words(words: Sequence[str], question: str) -> str:
    """The one language whose small words stand in the question, where no other comes near."""
    counts = {c: n + asks(question, c) for c, n in small_words_of(" ".join(words)).items()}
    best, second = sorted(counts.values(), reverse=True)[:2]
    clear = best >= 2 * second if second else best > 0
    return max(counts, key=lambda c: counts[c]) if clear and best > second else ""


def small_words_of(text: str) -> dict[str, int]:
    """How many small words of each language stand in a text."""
    words = [w.casefold() for w, _, _ in tokens(text)]
    return {c: sum(w in phrases(c, "small") for w in words) for c in languages()}


# ---------------------------------------------------------------- follow-ups


def condensed(
    question: str, before: Sequence[Turn], language: str = "en", base: date | None = None
) -> str:
    """The question complete without what came before: a follow-up takes the last one along.

    A follow-up opens with a joining word ("and in December?", "dan sumber Arab?"), or is short and
    names nothing of its own. A time of its own takes the place of the earlier one.
    """
    if not before or not _leans(question, language):
        return question
    last = before[-1].asked
    if times(question, language, base):
        last = _timeless(last, before[-1].language or language, base)
    return f"{' '.join(last.split()).rstrip('?؟ .')} — {question}"


def _leans(question: str, language: str) -> bool:
    words = [w.casefold() for w, _, _ in tokens(question)]
    joined = words[:1] and (words[0] in phrases(EVERY, "joins") or _joined_in_arabic(words[0]))
    if joined or any(" ".join(words).startswith(p) for p in phrases(EVERY, "leads")):
        return True
    if len(words) >= _ALONE or numbers(question, language):
        return False
    own = read(bare(question, EVERY), language)
    return not (asks(question, EVERY) and (own.names or own.sources))


def _joined_in_arabic(word: str) -> bool:
    """In Arabic "and" is written onto its word: "and what", "and in", "and the sources"."""
    rest = word[1:]
    known = ("small", "how_many", "when", "where", "why", "ask")
    return (
        is_arabic(word)
        and word.startswith("و")
        and (rest.startswith("ال") or any(rest in phrases("ar", key) for key in known))
    )


def _timeless(text: str, language: str, base: date | None) -> str:
    """The text without its times and the words that led to them."""
    leading = re.compile(rf"(?:^|(?<=\s))(?:{either(language, 'at')})\s*$", re.IGNORECASE)
    for when in reversed(times(text, language, base)):
        head, rest = text[: when.start].rstrip(), text[when.end :]
        while m := leading.search(head):
            head = head[: m.start()].rstrip()
        text = f"{head} {rest}"
    return re.sub(r"\s+([?؟.,])", r"\1", text)


# ---------------------------------------------------------------- claims


def meant(question: str, before: Sequence[Turn], note: Note | None) -> list[Assessment]:
    """The claims that the question speaks of by number, or as "this" after one was spoken of."""
    if note is None:
        return []
    language = language_of(question, before, note)
    known = {a.claim.id: a for a in note.assessments}
    ids = dict.fromkeys(f"c{n}" for n in numbers(question, language))
    own = read(bare(question, language), language)
    spoken_of = phrases(EVERY, "this") & {w.casefold() for w, _, _ in tokens(question)}
    if not ids and before and spoken_of and not (own.names or own.sources):
        ids = dict.fromkeys(before[-1].claims)
    return [known[i] for i in ids if i in known][:_CLAIMS]


@lru_cache(maxsize=1)
def _marked() -> re.Pattern[str]:
    mark = rf"(?<!\w)(?:{either(EVERY, 'claim')})\s*"
    comma = rf"(?:\s*,\s*|\s+(?:{either(EVERY, 'lists')})\s+)+"
    return re.compile(
        rf"{mark}(?:\d{{1,3}})(?:{comma}(?:{mark})?\d{{1,3}}(?![\d%]))*(?!\w|[.,]\d|%)",
        re.IGNORECASE,
    )


_PLAIN = re.compile(r"(?<![\w.,/:$€£#-])\d{1,3}(?![\w%]|[.,/:-]\d)")


def numbers(question: str, language: str) -> list[int]:
    """The numbers of claims in a question: marked ones ("claim 3", "c3, c5"); where there are none,
    bare ones of a question that is nothing else, or that asks for a judgement ("why is 3 contested?").

    A number that counts, dates, measures or names something is no claim's.
    """
    flat = western_digits(question)
    marked = [
        int(d.group()) for m in _marked().finditer(flat) for d in re.finditer(r"\d+", m.group())
    ]
    if marked:
        return list(dict.fromkeys(marked))
    words = {w.casefold() for w, _, _ in tokens(flat)}
    alone = all(w.isdigit() or w in phrases(EVERY, "lists") for w in words)
    judged = kind(question, language) == "why" or words & phrases(EVERY, "judged")
    if not (alone or judged):
        return []
    taken = list(_taken(flat, language)) if not alone else []
    found = [m for m in _PLAIN.finditer(flat) if not any(a <= m.start() < b for a, b in taken)]
    return list(dict.fromkeys(int(m.group()) for m in found))


def _taken(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Where numbers stand that mean something of their own."""
    for when in dates(text, language):
        yield when.start, when.end
    for f in figures(text, language):
        if f.bound == "range":
            continue  # "3 and 5" may be two
        if f.counts or f.of or f.unit != "count" or not f.text.isdigit():
            yield f.start, f.end
    for name in names(text, language):
        yield name.start, name.end
    clock, whole = either(language, "clock"), either(language, "whole")
    around = (
        rf"(?<!\w)(?:{clock})\s+\d+(?:[.:]\d\d)?",
        rf"\d+(?:[.:]\d\d)?\s*(?:{clock})(?!\w)",
        rf"\d+\s+(?:{whole})\s+\d+",
    )
    for pattern in around:
        for m in re.finditer(pattern, text, re.IGNORECASE):
            yield m.start(), m.end()
