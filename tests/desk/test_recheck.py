"""`factcheck recheck`: what would change and why, what is written, and which notes are looked at."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from factcheck import history, standing
from factcheck import news as news_
from factcheck.models import Reference
from factcheck.noteindex import NoteIndex
from factcheck.pipeline import Checker
from factcheck.settings import Settings
from tests.desk.conftest import edit, load, save

NEWS = """---
id: N901
publisher: Example Wire
kind: wire
title: {title}
published: {day}
language: en
origins: [{origin}]
---

{text}
"""
HIGHER = (
    "The United Nations said on November 14 that the typhoon had killed at least 5,980 people in the"
    " Philippines."
)


def news(work: Path, text: str, *, day: str = "2013-11-20", origin: str = "UN",
         id: str = "N901", title: str = "Philippines, the typhoon's toll") -> Path:  # fmt: skip
    path = work / "news" / f"{id}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(NEWS.format(text=text, day=day, origin=origin, title=title).replace("N901", id))
    return path


@pytest.fixture
def folder(work: Path, typhoon, spanish) -> Path:
    notes = work / "notes"
    notes.mkdir()
    save(notes / "typhoon.json", typhoon)
    save(notes / "es.json", spanish)
    return notes


def test_nothing_new_nothing_changed(own_cli, saved) -> None:
    before = saved.read_bytes()
    ran = own_cli("recheck", "note.json", "--fail-on-change")
    assert ran.code == 0 and "nothing changed" in ran.out, ran
    assert saved.read_bytes() == before


def test_a_new_report_is_named_with_what_it_does(own_cli, work, saved) -> None:
    own_cli("refs", "add", news(work, HIGHER))
    before = saved.read_bytes()
    ran = own_cli("recheck", "note.json")
    assert ran.code == 0, ran
    assert "N901 (Example Wire, 2013-11-20)" in ran.out and "→" in ran.out
    assert "5,980" in ran.out and "--update" in ran.out
    assert saved.read_bytes() == before, "nothing is written unasked"
    assert own_cli("recheck", "note.json", "--fail-on-change").code == 1
    data = json.loads(own_cli("recheck", "note.json", "--format", "json").out)
    change = data["notes"][0]["changes"][0]
    assert change["before"] != change["now"] or change["figures_before"] != change["figures_now"]
    assert {"report", "new", "figure"} & {w["kind"] for w in change["why"]}


def test_a_report_that_is_gone_or_edited_is_told_of(own_cli, work, saved) -> None:
    cited = load(saved).assessments[0].citations[0].reference
    own_cli("refs", "remove", cited)
    ran = own_cli("recheck", "note.json")
    told = " ".join(ran.out.split())
    assert f"{cited} (" in told and "not in the collection any more" in told, ran
    news(work, "Nothing is left of what it said.", id=cited)
    own_cli("refs", "add", work / "news")
    ran = own_cli("recheck", "note.json")
    told = " ".join(ran.out.split())
    assert f"{cited} (" in told and "was edited since" in told, ran


def test_a_report_whose_origins_were_edited_is_the_reason_given(own_cli, work, saved) -> None:
    cited = load(saved).assessments[0].citations[0].reference
    text = own_cli("refs", "show", cited).out.partition("\n\n")[2]
    news(work, text, id=cited, origin="Somebody Else", day="2013-11-14")
    own_cli("refs", "add", work / "news")
    data = json.loads(own_cli("recheck", "note.json", "--format", "json").out)
    changes = {c["claim"]: c for c in data["notes"][0]["changes"]}
    assert changes, data
    for change in changes.values():
        assert change["why"], change
    why = [w for c in changes.values() for w in c["why"] if w["reference"] == cited]
    assert "edited" in {w["kind"] for w in why}


def test_notes_that_rest_on_a_report_corrected_by_hand_are_looked_at(own_cli, work, saved) -> None:
    notes = work / "notes"
    notes.mkdir()
    saved.rename(notes / "note.json")
    asked = ("recheck", "--all", "notes", "--since-refs", "2099-01-01", "--format", "json")
    assert json.loads(own_cli(*asked).out)["notes"] == []
    cited = load(notes / "note.json").assessments[0].citations[0].reference
    assert own_cli("refs", "edit", cited, "--origins", "Somebody Else").code == 0
    [told] = json.loads(own_cli(*asked).out)["notes"]
    why = [w for c in told["changes"] for w in c["why"]]
    assert "edited" in {w["kind"] for w in why if w["reference"] == cited}


def test_update_keeps_what_stood_and_asks_for_a_new_signature(own_cli, work, saved) -> None:
    own_cli("sign", "note.json", "--editor", "Desk")
    own_cli("refs", "add", news(work, HIGHER))
    edit(saved, lambda d: d.update(cms={"id": 7}))
    old = load(saved)
    ran = own_cli("recheck", "note.json", "--update", "--editor", "Night desk")
    assert ran.code == 0 and "then checked again: sign it again" in ran.out, ran
    note = load(saved)
    assert history.problems(note) == []
    entries = [d for d in note.decisions if d.kind == "recheck"]
    assert entries and all(d.by == "Night desk" and d.reason for d in entries)
    for entry in entries:
        stood = next(a for a in old.assessments if a.claim.id == entry.claim)
        assert entry.before["verdict"] == (str(stood.verdict) if stood.verdict else None)
        assert [c["quote"] for c in entry.before["citations"]] == [c.quote for c in stood.citations]
    assert json.loads(saved.read_text())["cms"] == {"id": 7}
    assert own_cli("verify", "note.json").code == 0
    assert "nothing changed" in own_cli("recheck", "note.json").out
    own_cli("sign", "note.json", "--editor", "Desk")
    assert history.signed(load(saved)).stands
    edit(saved, lambda d: d["claims"][0].update(verdict="supported", rule="by hand"))
    assert own_cli("verify", "note.json").code == 7


def test_a_broken_note_does_not_stop_the_rest(own_cli, work, saved) -> None:
    (work / "broken.json").write_text("{")
    (work / "other.json").write_text('{"schema": "something/1"}')
    ran = own_cli("recheck", "broken.json", "note.json", "other.json", "missing.json")
    assert ran.code == 4 and "1 note, " in ran.out, ran
    for name in ("broken.json", "other.json", "missing.json"):
        assert name in ran.err
    data = json.loads(own_cli("recheck", "broken.json", "note.json", "--format", "json").out)
    assert len(data["notes"]) == 1 and len(data["problems"]) == 1


@pytest.mark.parametrize(
    "arguments",
    [(), ("note.json", "--all", "."), ("note.json", "--since-refs", "2026-01-01"),
     ("--all", ".", "--since-refs", "yesterday")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(cli, saved, arguments) -> None:
    ran = cli("recheck", *arguments)
    assert ran.code == 2 and ran.err.strip()


def test_a_claim_that_fails_this_time_keeps_what_it_had(checker, typhoon, monkeypatch) -> None:
    from factcheck.models import Proposal

    def fails(tasks, done):
        made = [Proposal(claim=t.claim.id, error="no answer") for t in tasks]
        for p in made:
            done(p)
        return made

    monkeypatch.setattr(checker.analyst, "judge", fails)
    result = standing.recheck(checker, typhoon)
    assert result.changes == () and len(result.failed) == len(typhoon.assessments)


def test_only_what_new_reports_concern_is_looked_at(own_cli, work, folder) -> None:
    south = "The rebels left the harbour of Aden in Yemen on Monday."
    own_cli("refs", "add", news(work, south, day="2019-07-20", title="Yemen, the south"))
    ran = own_cli("recheck", "--all", "notes", "--since-refs", "2019-07-01")
    assert ran.code == 0 and "1 report since 2019-07-01; it concerns 0 of 2 notes." in ran.out, ran
    own_cli("refs", "add", news(work, HIGHER, day="2019-07-21", id="N902"))
    ran = own_cli("recheck", "--all", "notes", "--since-refs", "2019-07-21")
    assert "they concern 2 of 2 notes" in ran.out, ran
    cited = load(folder / "typhoon.json").references[0].id
    own_cli("refs", "remove", cited)
    data = json.loads(
        own_cli("recheck", "--all", "notes", "--since-refs", "2099-01-01", "--format", "json").out
    )
    assert data["since_refs"]["reports"] == 0
    assert "typhoon.json" in {Path(n["note"]).name for n in data["notes"]}


def test_a_folder_with_a_broken_note_is_done_all_the_same(own_cli, folder) -> None:
    (folder / "bad.json").write_text('{"schema": "factcheck.note/1"}')
    (folder / "index.json").write_text('{"schema": "factcheck.index/1", "articles": []}')
    for _ in range(2):  # the second time out of the index
        ran = own_cli("recheck", "--all", "notes")
        assert ran.code == 4 and "2 notes, " in ran.out and "bad.json" in ran.err, ran
        assert "index.json" not in ran.err


# ---------------------------------------------------------------- the index


@pytest.fixture
def index(folder: Path, tmp_path: Path, checker: Checker):
    with NoteIndex(folder, tmp_path / "cache", checker.store.embedder) as made:
        made.refresh()
        yield made


def test_the_index_keeps_up(index, folder, typhoon, tmp_path, checker) -> None:
    count = len(index.kept())
    assert {c.path for c in index.kept()} == {"typhoon.json", "es.json"}
    assert index.kept(signed=True) == []
    (folder / "deep").mkdir()
    (folder / "typhoon.json").rename(folder / "deep" / "moved.json")
    (folder / ".hidden.json").write_text("{}")
    index.refresh()
    assert {c.path for c in index.kept()} == {"deep/moved.json", "es.json"}
    assert len(index.kept()) == count
    made = history.append(typhoon, standing.Decision(at=history.now(), kind="drop", claim="c1"))
    made = history.append(made, standing.Decision(at=history.now(), kind="sign", by="Desk"))
    time.sleep(0.01)
    save(folder / "deep" / "moved.json", made)
    index.refresh()
    assert {c.id for c in index.kept(signed=True)} == {
        a.claim.id for a in typhoon.assessments if a.claim.id != "c1"
    }
    (folder / "es.json").unlink()
    assert index.refresh() == []
    assert {c.path for c in index.kept()} == {"deep/moved.json"}


def test_what_did_not_change_is_not_read_again(index, monkeypatch) -> None:
    from factcheck import desk

    monkeypatch.setattr(desk, "read", lambda *_: pytest.fail("read again"))
    for path in index.folder.glob("*.json"):
        path.touch()  # another time, the same content
    assert index.refresh() == []


def test_vectors_are_computed_once(index, monkeypatch) -> None:
    numbers = [c.n for c in index.kept()]
    first = index.vectors(numbers, "sentence")
    assert first.shape == (len(numbers), index.embedder.dim)
    monkeypatch.setattr(index.embedder, "queries", lambda texts: pytest.fail("embedded again"))
    assert (index.vectors(numbers, "sentence") == first).all()


def test_a_damaged_index_is_made_anew(folder, tmp_path, checker) -> None:
    with NoteIndex(folder, tmp_path / "cache", checker.store.embedder) as made:
        made.refresh()
        count, file = len(made.kept()), made._path
    file.write_bytes(b"not a database at all" * 99)
    with NoteIndex(folder, tmp_path / "cache", checker.store.embedder) as made:
        made.refresh()
        assert len(made.kept()) == count


@pytest.fixture
def told_of(index, own_store, shared_cache, typhoon, spanish):
    """What a report's text is found to bear on: proposed, read by the rules, and truly changed."""

    def ask(text: str) -> tuple[news_.ByNote, news_.ByNote, dict[str, set[str]]]:
        made = Reference(
            id="N1", publisher="Wire", kind="wire", title="News", text=text,
            published=date(2013, 11, 22), retrieved="2099-01-01T00:00:00+00:00",
        )  # fmt: skip
        with Checker(Settings.load(store=own_store, cache=shared_cache)) as checker:
            checker.store.add([made])
            stored = [r for r in checker.store.references() if r.id == "N1"]
            changed = {
                name: {c.claim for c in standing.recheck(checker, note).changes}
                for name, note in (("typhoon.json", typhoon), ("es.json", spanish))
            }
            return (
                news_.concerned(index, checker.store, stored, rules=False),
                news_.concerned(index, checker.store, stored),
                {name: claims for name, claims in changed.items() if claims},
            )

    return ask


def test_claims_are_found_by_figure_by_meaning_and_by_names(told_of) -> None:
    both, any_changed = {"typhoon.json", "es.json"}, False
    for text, notes in (
        ("In the Philippines 5,235 people were killed by the typhoon.", both),
        ("Menurut PBB, topan Haiyan menewaskan sedikitnya 4.460 orang.", both),
        ("The carrier reached the Philippines with five thousand sailors.", {"es.json"}),
    ):
        proposed, read, changed = told_of(text)
        assert notes <= proposed.keys(), text
        for name, claims in changed.items():
            assert claims <= read[name].keys(), (text, name, "it changes, and nobody looks at it")
        any_changed |= bool(changed)
    assert any_changed


def test_what_says_nothing_to_a_claim_concerns_no_note(told_of) -> None:
    for text in ("Wheat prices rose in Argentina after a dry spring.", "Figures not verified."):
        assert told_of(text) == ({}, {}, {})
    proposed, read, changed = told_of("The typhoon made landfall in the Philippines at dawn.")
    assert not read and not changed, (proposed, read, changed)


def test_news_changes_what_a_search_would(
    own_cli, work, checker, folder, index, own_store, shared_cache
) -> None:
    """What is told of a note by news alone is what checking all of it again tells."""
    own_cli("refs", "add", news(work, HIGHER))
    whole = json.loads(own_cli("recheck", "--all", "notes", "--format", "json").out)
    short = json.loads(
        own_cli("recheck", "--all", "notes", "--since-refs", "2020-01-01", "--format", "json").out
    )

    def told(data):
        return {
            (Path(n["note"]).name, c["claim"]): (
                c["before"],
                c["now"],
                c["figures_now"],
                c["flags_gained"],
            )
            for n in data["notes"]
            for c in n["changes"]
        }

    assert told(short) == told(whole) and told(whole)
    assert sum(n["checked"] for n in short["notes"]) < sum(n["checked"] for n in whole["notes"])


def test_news_is_written_beside_what_the_search_had_seen(own_cli, work, saved) -> None:
    (work / "notes").mkdir()
    path = work / "notes" / "note.json"
    saved.rename(path)
    before = load(path)
    own_cli("refs", "add", news(work, HIGHER, day="2019-07-21"))  # a later figure
    ran = own_cli("recheck", "--all", "notes", "--since-refs", "2020-01-01", "--update")
    assert ran.code == 0 and "Written: 1" in ran.out, ran
    after = load(path)
    assert own_cli("verify", path).code == 0
    moved = [(a, b) for a, b in zip(before.assessments, after.assessments, strict=True) if a != b]
    assert moved
    for old, new in moved:
        assert set(old.nearest) <= set(new.nearest) and new.searched >= old.searched
        assert "N901" in {c.reference for c in new.citations}
        assert {c.quote for c in old.citations if str(c.stance) == "supports"} <= {
            c.quote for c in new.citations
        }


def test_only_what_a_figure_changes_or_what_lost_its_report_is_searched_for(
    own_cli, work, folder, monkeypatch
) -> None:
    from factcheck.steps import find

    searched: list[str] = []
    real = find.find

    def counted(claims, *rest, **more):
        searched.extend(c.id for c in claims)
        return real(claims, *rest, **more)

    monkeypatch.setattr(find, "find", counted)
    own_cli("refs", "add", news(work, HIGHER))
    said = own_cli(
        "recheck", "--all", "notes", "--since-refs", "2020-01-01", "--format", "json"
    ).out
    changed = {c["claim"] for n in json.loads(said)["notes"] for c in n["changes"]}
    assert set(searched) <= changed and len(searched) <= 2
    searched.clear()
    note = load(folder / "typhoon.json")
    cited = note.assessments[0].citations[0].reference
    own_cli("refs", "remove", cited)
    own_cli("recheck", "--all", "notes", "--since-refs", "2099-01-01")
    rest_on_it = {
        a.claim.id for a in note.assessments if cited in {c.reference for c in a.citations}
    }
    assert set(searched) >= rest_on_it and len(searched) < 2 * len(note.assessments)


def test_the_day_a_report_came_in() -> None:
    made = Reference(
        id="x", publisher="p", kind="wire", title="t", text="w", published=date(2013, 1, 2)
    )
    assert news_.added_on(made) == date(2013, 1, 2)
    assert news_.added_on(replace(made, retrieved="2026-11-26T10:00:00+00:00")) == date(
        2026, 11, 26
    )
    assert news_.added_on(replace(made, retrieved="soon")) == date(2013, 1, 2)
    assert news_.added_on(replace(made, published=None)) is None
