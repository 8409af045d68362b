"""How a report is cut into passages and under which keys they are filed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from factcheck import reading
from factcheck.evidence import keep, language_of, read_passage, read_report
from factcheck.kept import Shelf
from factcheck.models import Passage, Reference, Span, content_id
from factcheck.store import Entry
from factcheck.text.split import sentences

# Raise it when a change here makes other passages, texts to embed or keys: `factcheck refs reindex`
# then makes stores of the older number new.
LAYOUT = 3
LONG = 600  # characters: a longer one is embedded by its beginning


def spans(reference: Reference) -> tuple[Span, ...]:
    """The sentences of a reference's text."""
    return sentences(reference.text, language_of(reference))


def entries(reference: Reference, shelf: Shelf | None = None) -> Sequence[Entry]:
    """The entries of a report. What was read for them is put on the `shelf`."""
    made = list(cut(reference))
    keep(shelf or Shelf(), whole=True)
    return made


def cut(reference: Reference) -> Iterator[Entry]:
    """One entry a sentence, in order: embedded with the report's title, filed under its keys.

    The title gives a sentence the subject that it takes from its context ("It fell on Friday");
    its names and concepts are filed with every sentence for the same reason.
    """
    language = language_of(reference)
    near = read_report(reference).countries
    title = reading.read(reference.title, language, reference.published, near)
    for span in spans(reference):
        text = reference.text[span.start : span.end]
        passage = Passage(
            id=content_id(reference.id, str(span.start), text),
            reference=reference.id,
            start=span.start,
            end=span.end,
            text=text,
        )
        own = read_passage(passage, reference)
        filed = [*reading.keys(own), *(k for k in reading.keys(title) if k[0] in "cnp")]
        told = f"{reference.title}. {text[:LONG]}" if reference.title.strip() else text[:LONG]
        yield Entry(passage, told, tuple(dict.fromkeys(filed)))
