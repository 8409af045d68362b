"""A conversation on disk: saved whole, loaded as it was, and files that are none of ours."""

from __future__ import annotations

import copy
import json
import stat
from pathlib import Path

import pytest

from factcheck.conversation import SCHEMA, Conversation
from factcheck.errors import InputError
from factcheck.pipeline import Checker
from factcheck.settings import Settings
from tests.conversation.conftest import ARTICLES, held


@pytest.mark.parametrize("language", ["id", "ar"])
def test_a_conversation_is_saved_and_loaded(checker, note_of, tmp_path, language) -> None:
    talk = Conversation(checker, note_of(language))
    talk.source = "artikel.md"
    talk.ask("c3")
    talk.ask("What did SOHR say about deaths?")
    talk.ask("and in October 2013?")
    talk.override(3, "disputed", "dua kementerian berbeda", by="meja malam")
    talk.remark(1, "«قال» “then” \u202e left\n")
    talk.drop(2)
    talk.sign("A. Editor")
    path = tmp_path / "s.json"
    assert talk.changed
    talk.save(path)
    assert not talk.changed
    again = Conversation.load(checker, path)
    assert again.note.to_json() == talk.note.to_json()
    assert again.note.decisions == talk.note.decisions
    assert [t.to_json() for t in again.turns] == [t.to_json() for t in talk.turns]
    assert (again.source, again.changed) == ("artikel.md", False)
    other = tmp_path / "t.json"
    again.save(other)
    first, second = (json.loads(p.read_text(encoding="utf-8")) for p in (path, other))
    assert first.pop("saved") <= second.pop("saved")
    assert first == second


def test_a_loaded_conversation_goes_on(checker, note_of, tmp_path) -> None:
    talk = Conversation(checker, note_of("en"))
    talk.ask("How many dead does SOHR count?")
    talk.ask("why is claim 3 contested?")
    talk.save(tmp_path / "s.json")
    again = Conversation.load(checker, tmp_path / "s.json")
    assert held(again.ask("who said this?"), checker).claims == ("c3",)
    again.turns.pop()
    again.turns.pop()
    then = held(again.ask("and in October 2013?"), checker)
    assert "SOHR" in then.narrowed
    again.override(3, "disputed", "because")
    assert again.undo() == "verdict"


def test_a_loaded_note_is_rechecked_with_the_same_result(checker, note_of, tmp_path) -> None:
    changed = []
    for language in ARTICLES:
        Conversation(checker, note_of(language)).save(tmp_path / "s.json")
        again = Conversation.load(checker, tmp_path / "s.json")
        changed += [(language, c) for c in again.recheck() if not c.same]
    assert changed == []


def test_an_empty_conversation_is_saved_and_loaded(checker, tmp_path) -> None:
    Conversation(checker).save(tmp_path / "s.json")
    again = Conversation.load(checker, tmp_path / "s.json")
    assert (again.note, again.turns, again.source) == (None, [], "")


def test_a_path_may_be_a_string(checker, tmp_path) -> None:
    Conversation(checker).save(str(tmp_path / "s.json"))
    Conversation.load(checker, str(tmp_path / "s.json"))


def test_saving_is_whole_or_not_at_all(talk, tmp_path, monkeypatch) -> None:
    path = tmp_path / "s.json"
    talk.save(path)
    path.chmod(0o640)
    before = path.read_bytes()
    talk.remark(1, "one more")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(InputError, match="No space left"):
            talk.save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    assert talk.changed, "what is not saved is not called saved"
    talk.save(path)
    assert b"one more" in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("where", ["no/such/folder/s.json", "."])
def test_a_place_that_cannot_be_written(talk, tmp_path, where) -> None:
    talk.remark(1, "look")
    with pytest.raises(InputError) as error:
        talk.save(tmp_path / where)
    assert error.value.hint
    assert talk.changed


def test_a_question_with_half_a_letter_can_be_saved(checker, tmp_path) -> None:
    talk = Conversation(checker)
    talk.ask("What did SOHR say about deaths\udce4?")
    try:
        talk.save(tmp_path / "s.json")
    finally:
        assert [p.name for p in tmp_path.iterdir() if p.name != "s.json"] == []
    assert len(Conversation.load(checker, tmp_path / "s.json").turns) == 1


# ---------------------------------------------------------------- files that are none

GOOD = {"schema": SCHEMA, "saved": "2026-01-01T00:00:00+00:00", "source": "", "note": None,
        "turns": [{"question": "a", "asked": "a", "answer": "b", "claims": [], "language": "en"}]}  # fmt: skip
NOT_OURS = {
    "empty": b"",
    "blank": b" \n",
    "binary": bytes(range(256)) * 8,
    "half": json.dumps(GOOD).encode()[:60],
    "prose": b"Dear editor, this is a letter.",
    "a number": b"12",
    "a list": b"[]",
    "null": b"null",
    "another program's": b'{"schema": "other/1", "turns": []}',
    "a note": b'{"schema": "factcheck.note/1"}',
    "of a later version": json.dumps(GOOD | {"schema": "factcheck.session/9"}).encode(),
    "without a note": json.dumps({k: v for k, v in GOOD.items() if k != "note"}).encode(),
    "without turns": json.dumps({k: v for k, v in GOOD.items() if k != "turns"}).encode(),
    **{f"note {v!r}": json.dumps(GOOD | {"note": v}).encode()
       for v in ([], {}, 7, "x", {"schema": "factcheck.note/1"})},
    **{f"turns {v!r}": json.dumps(GOOD | {"turns": v}).encode()
       for v in (None, 7, "abc", {"a": 1}, [1], ["x"], [{}], [[]], [{"question": "a"}],
                 [GOOD["turns"][0] | {"claims": 3}], [None])},
}  # fmt: skip
DEEP = {
    "deep": b'{"schema": ' * 200_000,
    "a number of 5,000 digits": b'{"schema": ' + b"1" * 5000 + b"}",
}


@pytest.mark.parametrize(
    "name",
    [
        *NOT_OURS,
        *DEEP,
    ],
)
def test_a_broken_or_foreign_file(checker, tmp_path, name) -> None:
    path = tmp_path / "s.json"
    path.write_bytes((NOT_OURS | DEEP)[name])
    with pytest.raises(InputError) as error:
        Conversation.load(checker, path)
    assert error.value.hint


def test_a_file_that_is_not_there_or_a_folder(checker, tmp_path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(InputError):
            Conversation.load(checker, path)


@pytest.mark.parametrize(
    "turn",
    [{"question": None}, {"asked": {"a": 1}}, {"answer": 7}, {"claims": "c3"}, {"language": None}],
)
def test_a_turn_that_was_damaged_by_hand(checker, tmp_path, turn) -> None:
    data = copy.deepcopy(GOOD)
    data["turns"][0] |= turn
    path = tmp_path / "s.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InputError):
        Conversation.load(checker, path)


def test_settings_are_those_of_the_checker(checker, tmp_path, loaded_store, shared_cache) -> None:
    """A session can be read with another analyst than it was made with."""
    Conversation(checker).save(tmp_path / "s.json")
    with Checker(Settings.load(store=loaded_store, cache=shared_cache, lang="id")) as other:
        assert Conversation.load(other, tmp_path / "s.json").checker is other
