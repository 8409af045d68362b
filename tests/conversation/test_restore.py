"""A note read back: the same note, or an error that says that it is none."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from factcheck.errors import NoteError
from factcheck.models import NOTE_SCHEMA
from factcheck.restore import note_from_json
from factcheck.steps.acquire import article as made_article
from tests import laws
from tests.conversation.conftest import ARTICLES, desk_at, said
from tests.llm import brains

# ---------------------------------------------------------------- the way back


@pytest.mark.parametrize("language", ARTICLES)
def test_a_note_comes_back_as_it_was(note_of, checker, language) -> None:
    note = note_of(language)
    data = note.to_json()
    again = note_from_json(json.loads(json.dumps(data)), checker.store.reference)
    assert again.to_json() == data
    assert again.article == note.article
    assert again.ledger == note.ledger
    assert [a.citations for a in again.assessments] == [a.citations for a in note.assessments]
    assert [a.figures for a in again.assessments] == [a.figures for a in note.assessments]
    assert [r.text for r in again.references] == [r.text for r in note.references]
    laws.hold(again.to_json(), checker.store.reference)


def test_a_note_comes_back_without_its_store(note_of) -> None:
    data = note_of("de").to_json()
    assert note_from_json(data).to_json() == data


def test_a_report_that_has_changed_is_still_seen(note_of, checker) -> None:
    from dataclasses import replace

    from factcheck import notefile

    data = note_of("de").to_json()

    def other(id: str) -> Any:
        found = checker.store.reference(id)
        return replace(found, text=found.text + " And one sentence more.")

    again = note_from_json(data, other).to_json()
    problems = notefile.recheck(notefile.NoteShape.model_validate_json(json.dumps(again)), other)
    assert any("has changed" in p.what for p in problems)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_claims_come_back_whole(note_of, checker, language) -> None:
    note = note_of(language)
    again = note_from_json(note.to_json(), checker.store.reference)
    assert [a.claim for a in again.assessments] == [a.claim for a in note.assessments]


def test_a_note_with_failures_comes_back(loaded_store, shared_cache, checker) -> None:
    """Judged by a model whose server failed at half of it, and decided on by an editor."""
    text = " ".join(f"The army took village {n} near Aleppo on November {n}." for n in range(1, 25))
    with desk_at(loaded_store, shared_cache) as desk:
        calls = []

        def script(n, body):
            calls.append(brains.step(body))
            broken = brains.step(body) == "judge" and calls.count("judge") % 2 == 0
            lost = brains.step(body) == "extract" and calls.count("extract") == 2
            return "500" if broken or lost else None

        desk.server.script = script
        talk = desk.talk(said())
        note = talk.open(made_article(text, title="A title", outlet="An outlet"))
        assert any(a.verdict is None for a in note.assessments)
        assert any(str(e.kind) == "failed" for e in note.ledger)
        assert note.faults
        assert not note.complete
        talk.drop(1, "not ours", by="desk")
        data = talk.note.to_json()
        again = note_from_json(json.loads(json.dumps(data)), desk.checker.store.reference)
    assert again.to_json() == data
    assert again.decided("c1", "drop").by == "desk"


def test_fields_of_other_tools_are_passed_over(note_of, checker) -> None:
    data = note_of("de").to_json()
    more = copy.deepcopy(data)
    more["x_desk"] = {"a": 1}
    more["article"]["x"] = more["claims"][0]["x"] = more["references"][0]["x"] = None
    assert note_from_json(more, checker.store.reference).to_json() == data


# ---------------------------------------------------------------- damage

OTHER = (None, "x", 7, 2.5, True, [], {}, [7], {"x": 1})  # what may stand there instead


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The fields of a note; of a list, those of its fullest entry: they are all alike."""
    if path:
        yield path
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*path, key))
    elif isinstance(data, list) and data:
        fullest = max(range(len(data)), key=lambda n: len(json.dumps(data[n])))
        yield from places(data[fullest], (*path, fullest))


def damaged(data: dict[str, Any], path: tuple[Any, ...], value: Any = ...) -> dict[str, Any]:
    """A copy with another value at a place, or without it; what is not on the way is shared."""
    out = inner = data.copy()
    for step in path[:-1]:
        inner[step] = inner[step].copy()
        inner = inner[step]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return out


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


@pytest.fixture(scope="module")
def full(note_of, checker) -> dict[str, Any]:
    """A note in which no kind of record is missing."""
    data = note_of("id").to_json()
    data["faults"] = [{"step": "judge", "kind": "timeout", "message": "too slow"}]
    keep = sorted(
        data["claims"], key=lambda c: -sum(bool(c[k]) for k in ("figures", "loaded", "attribution"))
    )[:3]
    kept = {c["id"] for c in keep}
    data["decisions"] = [{"at": "2026-01-01T00:00:00+00:00", "kind": "verdict", "by": "desk",
                          "claim": keep[0]["id"], "value": "disputed", "reason": "because"}]  # fmt: skip
    data["claims"] = [c for c in data["claims"] if c["id"] in kept]
    for entry in data["ledger"]:
        entry["claims"] = [i for i in entry["claims"] if i in kept]
    data["ledger"] = [e for e in data["ledger"] if e["claims"]]
    used = {c["reference"] for a in data["claims"] for c in a["citations"]}
    data["references"] = [r for r in data["references"] if r["id"] in used]
    assert note_from_json(data, checker.store.reference).to_json() == data
    return data


OPTIONAL = {  # of earlier notes; what is not there has a value of its own
    "published_inferred", "faults", "decisions", "language", "reason", "by", "claim", "value",
    "source", "sha256", "id", "about", "injected", "page", "archive_url", "retrieved", "only", "newest",
    "calls", "input_tokens", "cached_tokens", "output_tokens", "replayed", "seconds", "usd",
    "estimated",
}  # fmt: skip


def _read(data: dict[str, Any], checker: Any) -> str:
    """Nothing for an error of ours; else what the reader, or the writer of what was read, made of it."""
    try:
        note = note_from_json(data, checker.store.reference)
    except NoteError as error:
        assert error.hint
        return ""
    except Exception as error:
        return f"raised {type(error).__name__}"
    try:
        json.dumps(note.to_json())
    except Exception as error:
        return f"read, then raised {type(error).__name__}"
    return "read"


def test_no_field_can_be_dropped_without_an_error_of_ours(full, checker) -> None:
    paths = [p for p in places(full) if isinstance(p[-1], str)]
    assert len(paths) > 90
    wrong = []
    for path in paths:
        outcome = _read(damaged(full, path), checker)
        fine = outcome == "" or (outcome == "read" and (path[-1] in OPTIONAL or "prompts" in path))
        if not fine:
            wrong.append((path, outcome))
    assert not wrong


@pytest.fixture(scope="module")
def retyped(full, checker) -> list[tuple[tuple[Any, ...], Any, Any, str]]:
    """Every field with every other thing in its place: where, what was there, what is, outcome."""
    return [
        (path, at(full, path), value, _read(damaged(full, path, value), checker))
        for path in places(full)
        for value in OTHER
    ]


def test_reading_raises_no_other_error(retyped) -> None:
    """Nothing but NoteError leaves the reader, whatever stands in a field."""
    assert len(retyped) > 1000
    assert not [x for x in retyped if x[-1].startswith("raised")]


def test_a_field_of_another_kind_is_an_error_of_ours(retyped) -> None:
    wrong = []
    for path, was, value, outcome in retyped:
        alike = type(value) is type(was) or {type(value), type(was)} <= {int, float}
        free = was is None or value is None or "prompts" in path
        unread = path[-1] in ("schema", "sha256") or path == ("article", "id")
        if outcome and not alike and not free and not unread:
            wrong.append((path, value, outcome))
    assert not wrong, f"{len(wrong)}, as {wrong[:8]}"


def test_what_is_read_can_be_written(retyped) -> None:
    wrong = [(path, value) for path, _, value, said in retyped if said.startswith("read, then")]
    assert not wrong, f"{len(wrong)}, as {wrong[:8]}"


LIES = {
    "a claim's words are elsewhere": lambda d: d["claims"][0].update(start=0, end=3),
    "a verdict that is none": lambda d: d["claims"][0].update(verdict="true"),
    "a kind that is none": lambda d: d["ledger"][0].update(kind="other"),
    "a stance that is none": lambda d: d["claims"][0]["citations"][0].update(stance="likes"),
    "a day that is none": lambda d: d["article"].update(published="2013-11-31"),
    "two claims of one name": lambda d: d["claims"][1].update(id=d["claims"][0]["id"]),
    "a decision that is none": lambda d: d["decisions"][0].update(value="true"),
    "a decision of no kind": lambda d: d["decisions"][0].update(kind="publish"),
    "a decision on no claim": lambda d: d["decisions"][0].update(claim="c999"),
    "a citation of no report": lambda d: d["claims"][0]["citations"][0].update(reference="F999"),
    "an explanation that cites nothing": lambda d: d["claims"][0]["rationale"][0].update(
        citations=["c999.k1"]),
    "a language that is none": lambda d: d.update(language="xx"),
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_a_note_that_contradicts_itself(full, checker, name) -> None:
    data = copy.deepcopy(full)
    LIES[name](data)
    with pytest.raises(NoteError) as error:
        note_from_json(data, checker.store.reference)
    assert error.value.hint


@pytest.mark.parametrize(
    "data",
    [None, [], "x", 7, {}, {"schema": "other"}, {"schema": NOTE_SCHEMA}, {"schema": [NOTE_SCHEMA]}],
)
def test_what_is_no_note(data) -> None:
    with pytest.raises(NoteError) as error:
        note_from_json(data)
    assert error.value.hint
