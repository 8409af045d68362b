"""What the conversation says: lines of styled text, no boxes, readable without colour, at 60 columns,
and by a screen reader.

Words from outside are neutralised here and are never markup. No line begins with them: a line of ours
comes first, or an indent, and what is broken over several lines goes on under an indent, so that
nothing that is quoted can stand where the program speaks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from factcheck.chat.layout import INDENT, outside, short
from factcheck.models import Assessment, Citation, Note, Reference, Sentence, Stance, Usage
from factcheck.questions import Answer
from factcheck.report.text import SIGN
from factcheck.report.usage import line as usage_line
from factcheck.text.split import sentences
from factcheck.wording import day, leaf, say, table, verdicts

Lines = Iterator[Text]
Labels = Mapping[str, str] | None  # a newsroom's own words for verdicts
_VERDICT = 24  # columns of a verdict's name in the list
_NARROW = 20  # columns that a claim's words have at least


# ---------------------------------------------------------------- the article and its claims


def opened(note: Note) -> Text:
    """What was opened, in a line."""
    a, language = note.article, note.language
    when = day(a.published, language)
    if a.published_inferred:
        when = f"{table(language)['page']['inferred']} {when}"
    count = say(language, "chat", "sentences", count=len(note.ledger))
    name = table(language)["page"]["article"]
    title = f"{name}: {outside(a.title or say(language, 'chat', 'untitled'))}"
    return Text(" · ".join([title, a.language, when, count]), "bold")


def claims(note: Note, chosen: Sequence[Assessment], width: int, labels: Labels = None) -> Lines:
    """One line a claim: number, verdict, words; its flags below where there are any."""
    words = table(note.language)
    names = {a.claim.id: _verdict(a, note, labels) for a in chosen}
    column = min(max((cell_len(n) for n in names.values()), default=0), _VERDICT)
    for a in chosen:
        sign, style = SIGN[str(a.verdict or "failed")]
        number = a.claim.id.removeprefix("c").rjust(3)
        name = set_cell_size(names[a.claim.id], column)
        room = max(_NARROW, width - cell_len(f"{number} {sign} {name} "))
        line = Text().append(f"{number} ", "bold").append(f"{sign} {name} ", style)
        yield line.append(short(a.claim.said or a.claim.statement, room))
        if a.flags:
            flags = ", ".join(words["flag"].get(f, f) for f in a.flags)
            yield Text(" " * 6 + flags, "dim")


def _verdict(a: Assessment, note: Note, labels: Labels) -> str:
    words, names = table(note.language), verdicts(note.language, labels)
    own = note.decided(a.claim.id, "verdict")
    if own:
        return f"{names.get(own.value, own.value)} ({words['chat']['editor']})"
    name = names[str(a.verdict or "failed")]
    dropped = note.decided(a.claim.id, "drop")
    return f"{name} ({words['chat']['dropped']})" if dropped else name


def finished(a: Assessment, language: str, labels: Labels = None) -> Text:
    """A claim that was just verified, as it comes: number, verdict, flags, words."""
    words, verdict = table(language), str(a.verdict or "failed")
    sign, style = SIGN[verdict]
    line = Text().append(f"{a.claim.id} ", "bold")
    line.append(f"{sign} {verdicts(language, labels)[verdict]}", style)
    if a.flags:
        line.append(f" ({', '.join(words['flag'].get(f, f) for f in a.flags)})", "dim")
    return line.append(": “").append(short(a.claim.said or a.claim.statement, 100)).append("”")


def card(a: Assessment, note: Note, labels: Labels = None) -> Lines:
    """One claim: number, verdict, flags, words, who says it, explanation, the quotations that it rests
    on, and the editor's decisions."""
    words, names = table(note.language), verdicts(note.language, labels)
    page = words["page"]
    sign, style = SIGN[str(a.verdict or "failed")]
    title = Text().append(f"{a.claim.id} ", "bold")
    title.append(f"{sign} {names[str(a.verdict or 'failed')]}", style)
    if a.flags:
        title.append(" · " + " · ".join(words["flag"].get(f, f) for f in a.flags), "dim")
    yield title
    yield Text(f"{INDENT}“").append(outside(a.claim.said or a.claim.statement), "bold").append("”")
    if a.claim.statement != a.claim.said and a.claim.said:
        yield Text(f"{INDENT}= {outside(a.claim.statement)}", "dim")
    chain = " ← ".join(outside(x.who) for x in a.claim.attribution)
    if chain:
        yield Text(f"{INDENT}{page['said_by']}: {chain}", "dim")
    if a.answers == "said" and str(a.verdict) in ("supported", "partly_supported"):
        yield Text(INDENT + page["answers_said"], "italic")
    for sentence in a.rationale:
        if sentence.status != "struck":
            yield _told(sentence)
    for c in a.citations:
        if c.stance is not Stance.CONTEXT:
            yield from quotation(c, note.language)
    for decision in (d for d in note.decisions if d.claim == a.claim.id):
        by = f" ({outside(decision.by)})" if decision.by else ""
        what = words["step"].get(decision.kind, outside(decision.kind))
        value = names.get(decision.value, outside(decision.value))
        told = " ".join(filter(None, (f"{what}:", value, outside(decision.reason)))).rstrip(":")
        yield Text(f"{INDENT}{words['chat']['editor']}{by}: {told}", "magenta")


def _told(sentence: Sentence) -> Text:
    line = Text(INDENT + outside(sentence.text))
    if sentence.citations:
        line.append(" [" + ", ".join(sentence.citations) + "]", "cyan")
    return line


# ---------------------------------------------------------------- quotations


def evidence(a: Assessment, note: Note) -> Lines:
    """The quotations of a claim, numbered as `/quote` takes them."""
    shown = [c for c in a.citations if c.stance is not Stance.CONTEXT] or list(a.citations)
    if not shown:
        yield Text(say(note.language, "chat", "nothing_cited"))
    for c in shown:
        yield from quotation(c, note.language)


def quotation(c: Citation, language: str) -> Lines:
    """One quotation with its source."""
    words = table(language)
    line = (
        Text()
        .append(f"{INDENT}{c.id} ", "cyan")
        .append(f"{words['stance'][str(c.stance)]} ", "bold")
    )
    yield line.append(f"“{outside(c.quote)}”")
    yield Text(INDENT * 3 + _source(c, language), "dim")


def _source(c: Citation, language: str) -> str:
    late = f", {table(language)['page']['later']}" if c.hindsight else ""
    when = f"{day(c.published, language)}{leaf(c.page, language)}{late}"
    return f"{outside(c.publisher)}, {when}; {c.reference}"


def in_context(c: Citation, reference: Reference, language: str) -> Lines:
    """A quotation between its neighbours, and where it stands."""
    spans = sentences(reference.text, reference.language)
    at = next((i for i, s in enumerate(spans) if s.start <= c.start < s.end), 0)
    before = reference.text[spans[at - 1].start : c.start] if at else ""
    end = spans[at + 1].end if at + 1 < len(spans) else c.end
    yield (
        Text()
        .append(f"{c.id} ", "cyan")
        .append(
            f"{outside(reference.publisher)}, {day(c.published, language)}: {outside(reference.title)}",
            "bold",
        )
    )
    text = Text(f"{INDENT}… {outside(before)} " if before.strip() else f"{INDENT}… ", "dim")
    text.append(">> ", "bold").append(outside(reference.text[c.start : c.end]), "reverse")
    text.append(" <<", "bold")
    yield text.append(" " + outside(reference.text[c.end : end]), "dim")
    where = say(language, "chat", "in_store", reference=reference.id, start=c.start, end=c.end)
    yield Text(
        where + leaf(c.page, language) + (f", {outside(reference.url)}" if reference.url else ""),
        "dim",
    )


# ---------------------------------------------------------------- answers, reports, cost


def answered(found: Answer, language: str) -> Lines:
    """An answer, its sources, and what was searched where there is none."""
    for sentence in found.sentences:
        yield _told(sentence)
    if found.missing:
        yield Text(INDENT + outside(found.missing))
    if found.by == "model" or found.claims:  # quoted passages name their source themselves
        for c in found.citations:
            yield Text(f"{INDENT}{c.id}  {_source(c, language)}", "dim")
    if found.narrowed:
        names = ", ".join(map(outside, found.narrowed))
        yield Text(INDENT + say(language, "chat", "narrowed", names=names), "dim")
    if found.fault:
        yield Text(
            INDENT + say(language, "chat", "silent_model", fault=outside(found.fault)), "red"
        )
        if found.sentences:
            yield Text(INDENT + say(language, "chat", "instead"), "dim")


def reports(chosen: Sequence[Reference], language: str) -> Lines:
    """One line a report: id, date, publisher, title."""
    column = max((len(r.id) for r in chosen), default=0)
    undated = table(language)["page"]["undated"]
    for r in chosen:
        line = Text(f"{outside(r.id):<{column}}  {r.published or undated!s:<10}  ", "bold")
        yield line.append(f"{outside(r.publisher)}: {outside(r.title)}", "not bold")


def cost(usage: Usage, language: str) -> Text:
    """What was spent."""
    return Text(usage_line(usage) or say(language, "chat", "free"))
