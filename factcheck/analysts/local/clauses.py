"""One fact a claim: split a statement into clauses that each carry a fact.

A clause carries a fact when it holds an action, a state or a counted figure. Splits happen at
connectors and commas only where both sides do; names joined in a list are never torn apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from factcheck.models import Span
from factcheck.reading import Placed, Reading
from factcheck.text import lexicon, persian
from factcheck.text.words import Word

_MIN_WORDS = 3
_LEAD_IN = 4  # words before the first connector that may be an empty lead-in
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
    """An action, a state, a figure of something counted or a word formed like a verb is there."""
    part = reading.within(span.start, span.end)
    return (
        any(m.concept.kind in ("action", "state") for m in part.mentions)
        or any(f.counts or f.unit != "count" for f in part.figures)
        or any(_verbal(w.text, reading.language) for w in part.words)
    )


# What finite verbs look like, where a language shows it: news has more verbs than a lexicon.
_VERBAL = {
    "id": re.compile(r"(?:me[mn]?[a-z]|ber|di|ter)[a-z]{4,}|[a-z]{4,}kan"),
    "en": re.compile(r"[a-z]{3,}ed"),
    "es": re.compile(r"\w{2,}(?:ó|aron|ieron)"),
    "pt": re.compile(
        r"(?!(?:museu|europeu|judeu|liceu|troféu)$)\w{2,}(?:ou|eu|iu|aram|eram|iram)|houve|fez|foi|foram|teve|deu|veio|vieram"
    ),
    "fr": re.compile(
        r"(?!\w*(?:i?ité|iété|comté|santé|côté|député|comité)s?$)\w{3,}ée?s?|ont|avaient|avait|étaient|était|furent"
    ),
    "de": re.compile(r"ge\w{3,}(?:t|en)"),
    "tr": re.compile(r"\w{2,}[dt][ıiuü](?:lar|ler)?"),
    "it": re.compile(r"\w{2,}(?:ò|arono|erono|irono|ettero|sero|vano)|ha|hanno|aveva|erano|furono"),
    "ru": re.compile(
        r"(?!(?:генер|кан|журн|порт|матери|сигн|потенци|термин|фили|кварт|персон|капит|нач|с?кан)ал)"
        r"(?!(?:сил|могил|акул|скал|начал|дел|тел|сел)[аиоы]$)"
        r"\w{2,}(?:[аеиуыя]л(?:[аои])?|л(?:ся|ась|ось|ись)|[аеия][ею]т|[аея]?[еюя]тся|[ея]н[аоы]|[еа]н)"
    ),
    "nl": re.compile(
        r"(?!gebied|gebouw|gedeelte|geheim|gemeente|gevecht|gevolg|geweld|gewest|gewicht|gezin|gezicht"
        r"|gesprek|gezant|geval|gegeven|gebeurten|gelegen|geloof|gezond)ge\w{3,}(?:[dt]|en)"
        r"|\w{3,}(?:eerde[n]?|igde[n]?|elde[n]?|erde[n]?)"
    ),
}


def _verbal(word: str, language: str) -> bool:
    if language == "fa":
        return persian.verbal(word)
    pattern = _VERBAL.get(language)
    return bool(pattern and word[:1].islower() and pattern.fullmatch(word))


def _split(reading: Reading, content: Span) -> list[Span]:
    """Cut `content` where a boundary has a fact on either side, each side by itself."""
    bounds = [
        b for b in _boundaries(reading, content) if not _torn(reading, b) and not _list(reading, b)
    ]
    starts, cuts = [content.start], list[int]()
    for i, bound in enumerate(bounds):
        following = next((b.end for b in bounds[i + 1 :] if b.start > bound.start), content.end)
        if bound.strong:
            following = content.end
        left, right = Span(starts[-1], bound.end), Span(bound.start, following)
        few = 5 if bound.weak else _MIN_WORDS
        named = bool(reading.within(right.start, right.end).names) and bound.said
        if len(starts) == 1 and _leads_in(reading, left) and _stands(reading, right, _MIN_WORDS):
            starts[0] = bound.start  # "This came after ...": the lead-in says nothing itself
        elif _stands(reading, left, few) and (named or _stands(reading, right, _MIN_WORDS)):
            cuts.append(bound.end)
            starts.append(bound.start)
    ends = [*cuts, content.end]
    return [_tidy(reading.text, Span(a, b)) for a, b in zip(starts, ends, strict=True)]


def _leads_in(reading: Reading, span: Span) -> bool:
    part = reading.within(span.start, span.end)
    if reading.language == "nl" and any(
        w.text.casefold() in lexicon.phrases("nl", "negators") for w in part.words
    ):
        return False  # "Er is geen bewijs dat ..."
    return len(part.words) <= _LEAD_IN and not (
        part.names or part.sources or part.figures or part.dates
        or any(m.concept.kind in ("actor", "thing", "counted") for m in part.mentions)
    )  # fmt: skip


def _stands(reading: Reading, span: Span, few: int) -> bool:
    part = reading.within(span.start, span.end)
    placed: list[Placed] = [
        *part.mentions, *part.names, *part.sources, *part.figures, *part.dates
    ]  # fmt: skip
    told = {p.start for p in placed}
    if not carries_fact(reading, span) or len(told) < 2:
        return any(f.counts for f in part.figures)
    return len(part.words) >= few or any(f.counts for f in part.figures)


@dataclass(frozen=True, slots=True)
class _Bound:
    """A place where one clause may end (`end`) and the next begin (`start`).

    `weak`: nothing but a comma marks it. `strong`: a semicolon, colon or dash does. `said`: a
    complementiser ("that") does.
    """

    end: int
    start: int
    weak: bool = False
    strong: bool = False
    said: bool = False


_STRONG = re.compile(r"[;؛:]|\s[–—-]\s")


def _boundaries(reading: Reading, content: Span) -> list[_Bound]:
    text, language = reading.text, reading.language
    subordinators = lexicon.phrases(language, "subordinators") - _PURPOSE
    subordinators -= lexicon.phrases(language, "contrast")
    joins = (
        lexicon.phrases(language, "coordinators") | lexicon.phrases(language, "contrast")
    ) - _PURPOSE | subordinators
    that = lexicon.phrases(language, "that") - {"que", "ki", "das", "که", "che"}
    helpers = _TENSE if language in ("id", "ms") else frozenset[str]()
    out: list[_Bound] = []
    tokens = [w for w in reading.words if content.start <= w.start and w.end <= content.end]
    quoted = _quoted(text)
    for i, word in enumerate(tokens):
        if i == 0 or _inside_quote(quoted, word.start, content):
            continue
        if any(w.start <= word.start < w.end for w in reading.dates):
            continue
        previous = tokens[i - 1]
        between = text[previous.end : word.start]
        if (
            language == "fa"
            and not persian.ends_clause(previous.text)
            and not _STRONG.search(between)
        ):
            continue  # a Persian clause ends with its verb
        length = next((n for n in (3, 2, 1) if _phrase(text, tokens, i, n) in joins), 0)
        low = word.text.casefold()
        figure_next = i + length < len(tokens) and any(
            f.start == tokens[i + length].start for f in reading.figures
        )
        if language == "it" and low == "quando" and previous.text.casefold() == "da":
            continue  # "da quando", since
        if length and figure_next and _phrase(text, tokens, i, length) in subordinators:
            continue
        if length and i + length < len(tokens):
            out.append(_Bound(previous.end, tokens[i + length].start))
        elif low in that and 4 <= i < len(tokens) - 1 and not _that_of(tokens, i, language):
            out.append(_Bound(previous.end, tokens[i + 1].start, said=True))
        elif _STRONG.search(between):
            out.append(_Bound(previous.end, word.start, strong=True))
        elif re.search(r"[,،][”\"’»]?\s", between):
            if low == "чтобы":  # Russian parts by a comma what is asked for from the asking
                continue
            out.append(_Bound(previous.end, word.start, weak=low not in helpers))
        elif (
            low in helpers
            and i >= 5
            and tokens[i - 1].text.casefold() not in helpers | that
            and (
                not any(
                    t.text.casefold() in lexicon.phrases(language, "relatives") for t in tokens[:i]
                )
            )
        ) or (
            language == "ar"
            and word.text.startswith("و")
            and len(word.text) > 4
            and _verb(reading, word.start)
        ):
            out.append(_Bound(previous.end, word.start))
    return out


def _that_of(tokens: list[Word], at: int, language: str) -> bool:
    """Dutch "dat van" (that of) opens no clause."""
    return language == "nl" and tokens[at + 1].text == "van"


# Purpose clauses belong to the act whose purpose they tell.
_PURPOSE = frozenset(
    "чтобы дабы если как до с по "
    "untuk agar supaya guna sejak to since until till hingga sampai pour afin depuis jusqu'à para "
    "desde hasta um damit seit bis için منذ حتى لكي قبل بعد as wie comme como sebagai if jika kalau".split()
) | {"in order to", "so that", "afin de", "afin que", "a fin de", "para que", "من أجل"}
_PURPOSE |= {"até", "se", "a fim de", "conforme"}  # Portuguese
_PURPOSE |= {"se", "affinché", "al fine di", "in modo da", "fino a quando", "finché", "da quando"}


# Indonesian sets no comma after a relative or participial clause; these open the main verb.
_TENSE = frozenset("telah sudah akan sedang tengah juga".split())


def _phrase(text: str, tokens: list[Word], at: int, length: int) -> str:
    if at + length > len(tokens):
        return ""
    return text[tokens[at].start : tokens[at + length - 1].end].casefold().replace("’", "'")


def _inside_quote(quoted: list[tuple[int, int]], at: int, content: Span) -> bool:
    """True inside a quotation, unless the content itself lies inside it."""
    return any(
        a < at < b and not (a < content.start + 2 and content.end < b + 2) for a, b in quoted
    )


def _torn(reading: Reading, bound: _Bound) -> bool:
    """The boundary lies inside a name ("Islamic State of Iraq and the Levant") or a pair
    ("between Iran and six powers")."""
    between = lexicon.phrases(reading.language, "between")
    before = [w for w in reading.words if w.end <= bound.end][-6:]
    if not bound.weak and any(w.text.casefold() in between for w in before):
        return True
    named: list[Placed] = [*reading.sources, *reading.names]
    return any(n.start < bound.end < n.end for n in named)


def _verb(reading: Reading, start: int) -> bool:
    return any(m.start == start and m.concept.kind == "action" for m in reading.mentions)


def _quoted(text: str) -> list[tuple[int, int]]:
    return [
        (m.start(), m.end()) for m in re.finditer(r"“[^”]*”|«[^»]*»|„[^“”]*[“”]|\"[^\"]*\"", text)
    ]


def _list(reading: Reading, bound: _Bound) -> bool:
    """What stands on both sides are names or actors: a list, not two clauses."""
    marks = " ,،\u00a0\"”’'“‘«»()"
    things: list[Placed] = [
        *reading.names, *reading.sources,
        *(m for m in reading.mentions if m.concept.kind == "actor"),
    ]  # fmt: skip
    left = any(
        t.end <= bound.end and not reading.text[t.end : bound.end].strip(marks) for t in things
    )
    right = [
        t for t in things
        if t.start >= bound.start and not reading.text[bound.start : t.start].strip(marks)
    ]  # fmt: skip
    if not left or not right:
        return False
    return not _next_is_verb(reading, max(t.end for t in right))


def _next_is_verb(reading: Reading, at: int) -> bool:
    after = [w for w in reading.words if w.start >= at][:1]
    return any(_verb(reading, w.start) or _verbal(w.text, reading.language) for w in after)


# ---------------------------------------------------------------- relative clauses


def _relatives(reading: Reading, span: Span, subject: Span | None) -> list[Clause]:
    """A clause, parted from a relative clause on its subject or given one of its object beside."""
    text, language = reading.text, reading.language
    pronouns = lexicon.phrases(language, "relatives")
    tokens = [w for w in reading.words if span.start <= w.start and w.end <= span.end]
    for i, word in enumerate(tokens):
        if i == 0 or word.text.casefold() not in pronouns:
            continue
        if language == "fa" and persian.verbal(tokens[i - 1].text):
            continue  # "he said that", no relative clause
        if _inside_quote(_quoted(text), word.start, span):
            continue
        end = _relative_end(reading, tokens, i, span)
        inner = reading.within(word.start, end)
        if len(inner.words) < 4 or not (
            carries_fact(reading, Span(word.start, end)) or inner.names
        ):
            continue
        head = _head(reading, tokens[0].start, word.start)
        relative = _tidy(text, Span(head.start, end))
        rest = _tidy(text, Span(end, span.end))
        if end < span.end and i <= _SUBJECT_RELATIVE and _stands(reading, rest, _MIN_WORDS):
            first = Clause(_tidy(text, Span(tokens[0].start, end)), subject)
            return [first, *_relatives(reading, rest, _tidy(text, head))]
        most = len(reading.within(relative.start, relative.end).words) >= 0.7 * len(tokens)
        if not most and len(inner.words) >= 5 and (inner.names or inner.sources or inner.figures):
            return [Clause(span, subject), Clause(relative)]
        return [Clause(span, subject)]
    return [Clause(span, subject)]


def _relative_end(reading: Reading, tokens: list[Word], at: int, span: Span) -> int:
    """Where a relative clause that opens at word `at` ends: before the main verb's helper (in
    Indonesian, which sets no comma there), else at the next comma."""
    text = reading.text
    ends: list[int] = []
    for j in range(at + 2, len(tokens)):
        if re.search(r"[,،;][”\"’»]?\s", text[tokens[j - 1].end : tokens[j].start]):
            ends.append(tokens[j - 1].end)
        if reading.language in ("id", "ms") and tokens[j].text.casefold() in _TENSE:
            return tokens[j - 1].end
        if reading.language == "fa" and persian.finite(tokens[j].text):
            return tokens[j].end
    return ends[0] if ends else span.end


def _head(reading: Reading, start: int, end: int) -> Span:
    """The noun phrase that a relative clause hangs on: what stands before it, after any comma."""
    before = reading.text[start:end]
    comma = max(before.rfind(","), before.rfind("،"))
    return Span(start + comma + 1 if comma >= 0 else start, end)


def opens_with_verb(reading: Reading, span: Span) -> bool:
    """The clause begins with its verb or a helper, and so lacks a subject of its own."""
    first = next((w for w in reading.words if w.start >= span.start), None)
    if first is None:
        return False
    low = first.text.casefold()
    return (
        low in lexicon.phrases(reading.language, "auxiliaries")
        or any(m.start == first.start and m.concept.kind == "action" for m in reading.mentions)
        or _verbal(first.text, reading.language)
    )


def _subject(reading: Reading, span: Span) -> Span | None:
    """The words before the first action of a clause, when an actor or a name is among them."""
    part = reading.within(span.start, span.end)
    acts = [m for m in part.mentions if m.concept.kind in ("action", "state")]
    if not acts:
        return None
    end = acts[0].start
    named: list[Placed] = [
        *(m for m in part.mentions if m.concept.kind == "actor"), *part.names, *part.sources
    ]  # fmt: skip
    ahead = [n for n in named if n.end <= end]
    if not ahead:
        return None
    if (
        reading.language == "pt"
    ):  # "a Coligação realizou a sua votação": the subject ends at its verb
        verbs = (w.start for w in part.words if w.start >= ahead[0].end)
        end = min([end, *(v for v in verbs if _next_is_verb(reading, v))])
    tidy = _tidy(reading.text, Span(min(n.start for n in ahead), end))
    helpers = lexicon.phrases(reading.language, "auxiliaries") | lexicon.phrases(
        reading.language, "relatives"
    )
    words = [w for w in reading.words if tidy.start <= w.start and w.end <= tidy.end]
    while words and words[-1].text.casefold() in helpers:
        words.pop()
    return Span(tidy.start, words[-1].end) if words else None


def _tidy(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and not (text[start].isalnum() or text[start] in '“«"„([‘$€£'):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",،;؛:–—-"):
        end -= 1
    return Span(start, end)
