"""The chain of decisions: what holds, what is seen, and what a signature stands for."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck import history
from factcheck.conversation import Conversation
from factcheck.errors import UsageError
from factcheck.models import Decision, Note
from factcheck.restore import note_from_json

AT = "2026-11-26T12:00:00+00:00"


def decided(note: Note, *kinds: str) -> Note:
    for kind in kinds:
        claim = "" if kind == "sign" else "c1"
        value = "disputed" if kind in ("verdict", "correction") else ""
        made = Decision(at=AT, kind=kind, by="Desk", claim=claim, value=value, reason="two say so")
        note = history.append(note, made)
    return note


def back(note: Note) -> Note:
    return note_from_json(json.loads(json.dumps(note.to_json())))


def test_a_new_note_has_no_history(typhoon) -> None:
    assert history.signed(typhoon) is None
    assert history.problems(typhoon) == []
    assert history.head(typhoon) == ""


def test_a_signature_stands_and_survives_the_file(typhoon) -> None:
    note = back(decided(typhoon, "verdict", "note", "drop", "sign"))
    assert history.problems(note) == []
    found = history.signed(note)
    assert found and found.stands and (found.by, found.at) == ("Desk", AT)
    assert [a.verdict for a in note.assessments] == [a.verdict for a in typhoon.assessments]


def test_entries_are_bound_to_those_before(typhoon) -> None:
    note = decided(typhoon, "verdict", "sign", "correction", "sign")
    hashes = [d.hash for d in note.decisions]
    assert len(set(hashes)) == 4 and all(len(h) == 64 for h in hashes)
    assert [d.previous for d in note.decisions] == ["", *hashes[:-1]]
    assert history.head(note) == hashes[-1]


@pytest.mark.parametrize(
    "field", ["at", "kind", "by", "claim", "value", "reason", "previous", "hash"]
)
def test_an_entry_that_was_changed_is_seen(typhoon, field) -> None:
    note = decided(typhoon, "verdict", "note", "sign")
    for n in range(len(note.decisions)):
        changed = replace(note.decisions[n], **{field: "c2" if field == "claim" else "note"})
        if changed == note.decisions[n]:
            continue
        tampered = replace(note, decisions=(*note.decisions[:n], changed, *note.decisions[n + 1 :]))
        assert history.problems(tampered), (n, field)
        signature = history.signed(tampered)
        assert signature is None or not signature.stands


def test_what_stood_before_cannot_be_changed(typhoon) -> None:
    note = decided(typhoon, "verdict", "sign", "correction", "sign")
    entry = note.decisions[2]
    assert entry.before == {"verdict": "disputed", "by": "Desk", "reason": "two say so"}
    bent = replace(entry, before={**entry.before, "verdict": "supported"})
    bent_note = replace(note, decisions=(*note.decisions[:2], bent, note.decisions[3]))
    assert history.problems(bent_note)


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_an_entry_taken_out_is_seen(typhoon, gone) -> None:
    note = decided(typhoon, "verdict", "note", "drop", "sign")
    left = tuple(d for n, d in enumerate(note.decisions) if n != gone)
    assert history.problems(replace(note, decisions=left))


def test_entries_that_changed_places_are_seen(typhoon) -> None:
    note = decided(typhoon, "verdict", "note", "sign")
    a, b, c = note.decisions
    assert history.problems(replace(note, decisions=(b, a, c)))
    assert history.problems(replace(note, decisions=(a, b, b, c)))


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for key, inner in enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path, value


def test_any_change_of_what_was_signed_is_seen(typhoon) -> None:
    """Field by field: the article, the ledger, the claims and citations, references, summary."""
    data = decided(typhoon, "sign").to_json()
    seen = 0
    for path, value in list(leaves({k: data[k] for k in history._SIGNED})):
        if path == ("article", "id") or not isinstance(value, (str, int, float)):
            continue  # the id is not read back: it follows from the text
        bent = copy.deepcopy(data)
        at = bent
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = (
            (not value)
            if isinstance(value, bool)
            else (value + 1 if isinstance(value, (int, float)) else f"{value} not")
        )
        try:
            note = note_from_json(bent)
        except Exception:  # no note any more: seen, too
            continue
        assert history.problems(note), path
        assert not history.signed(note).stands
        seen += 1
    assert seen > 110


def test_a_decision_after_the_signature_asks_for_a_new_one(typhoon) -> None:
    note = decided(typhoon, "sign", "note")
    found = history.signed(note)
    assert found and not found.stands and found.changed == "remarked on"
    assert history.problems(note) == []
    assert history.signed(decided(note, "sign")).stands


def test_a_verdict_after_the_signature_is_a_correction(typhoon) -> None:
    note = decided(typhoon, "sign", "verdict")
    entry = note.decisions[-1]
    assert entry.kind == "correction"
    assert entry.before == {"verdict": str(typhoon.assessments[0].verdict)}
    assert note.decided("c1", "verdict") == entry
    assert history.signed(note).changed == "corrected"


def test_a_correction_takes_back_that_a_claim_was_dropped(typhoon) -> None:
    note = decided(typhoon, "drop", "sign")
    assert note.decided("c1", "drop")
    note = decided(note, "correction")
    assert note.decided("c1", "drop") is None
    assert note.decisions[-1].before["dropped"] is True
    assert decided(note, "drop").decided("c1", "drop")


@pytest.mark.parametrize("kind", ["correction", "sign"])
def test_what_cannot_stand_is_refused(typhoon, kind) -> None:
    note = decided(typhoon, "sign")
    with pytest.raises(UsageError):
        history.append(note, Decision(at=AT, kind=kind, by=" ", claim="c1", reason=" "))


def test_claims_without_a_verdict_are_decided_or_dropped_first(typhoon) -> None:
    first = replace(typhoon.assessments[0], verdict=None, error="no answer")
    note = replace(typhoon, assessments=(first, *typhoon.assessments[1:]))
    assert history.undecided(note) == ["c1"]
    with pytest.raises(UsageError, match="c1"):
        decided(note, "sign")
    for kind in ("verdict", "drop"):
        assert history.signed(decided(note, kind, "sign")).stands


def test_entries_without_hashes_are_told_of_until_something_is_bound_to_them(typhoon) -> None:
    old = Decision(at=AT, kind="sign", by="Somebody")
    note = replace(typhoon, decisions=(old,))
    assert history.problems(note) and not history.signed(note).stands
    note = decided(note, "sign")
    assert history.problems(note) == [] and history.signed(note).stands
    forged = replace(note, decisions=(replace(old, by="Somebody else"), *note.decisions[1:]))
    assert history.problems(forged)


def test_a_field_that_a_later_version_adds_empty_changes_no_hash() -> None:
    value = {"a": [1, {"b": "x"}], "c": "text"}
    more = {
        "a": [1, {"b": "x", "new": "", "other": None, "flag": False}],
        "c": "text",
        "d": {"e": []},
    }
    assert history._digest(value) == history._digest(more)
    assert history._digest(value) != history._digest({**value, "d": "full"})


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_words_cannot_slip_from_one_field_into_the_next(a, b, c, d) -> None:
    one = Decision(at=AT, kind="note", by=a, reason=b)
    two = Decision(at=AT, kind="note", by=c, reason=d)
    assert (history._hash(one) == history._hash(two)) == ((a, b) == (c, d))


def test_a_conversation_writes_the_same_chain(typhoon, checker) -> None:
    talk = Conversation(checker, typhoon)
    talk.override(1, "disputed", "two say so", by="Desk")
    made = talk.sign("Desk")
    assert made.hash and made.content == history.content(talk.note)
    assert history.signed(talk.note).stands
    assert talk.override(1, "supported", "they agree now", by="Desk").kind == "correction"
    talk.sign("Desk")
    talk.translate("id")
    assert not history.signed(talk.note).stands
    assert history.problems(talk.note) == [], "what was done is in the history"
    talk.undo()
    assert history.signed(talk.note).stands
    with pytest.raises(UsageError):
        talk.sign("  ")
    assert history.signed(talk.note).stands, "a refused signature changes nothing"
