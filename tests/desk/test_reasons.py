"""A change of a standing note needs a reason: a report that came in, was edited or is gone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from factcheck import history, standing
from factcheck import news as news_
from factcheck.models import Note, Reference, Verdict
from factcheck.noteindex import NoteIndex
from factcheck.pipeline import Checker
from factcheck.settings import Settings
from tests.desk.conftest import edit, load, save
from tests.desk.test_recheck import HIGHER, news


def other_verdict(path: Path, claim: int) -> str:
    """Make a note whose claim came out otherwise than it does today; the claim's id."""
    id = load(path).assessments[claim].claim.id

    def change(data: dict) -> None:
        data["claims"][claim].update(verdict="not_enough_evidence", rule="nothing", flags=[])

    edit(path, change)
    return id


def supported(note: Note) -> int:
    return next(n for n, a in enumerate(note.assessments) if a.verdict is Verdict.SUPPORTED)


def test_what_is_read_otherwise_with_nothing_new_is_no_change(own_cli, saved) -> None:
    claim = other_verdict(saved, supported(load(saved)))
    before = saved.read_bytes()
    ran = own_cli("recheck", "note.json", "--update", "--fail-on-change")
    told = " ".join(ran.out.split())
    assert ran.code == 0 and "nothing changed" in told, ran
    assert "Read otherwise, with no new report behind it; it stays as it is" in told
    assert f"{claim} Not enough evidence → Supported" in told and "--update --anew" in told
    assert saved.read_bytes() == before
    data = json.loads(own_cli("recheck", "note.json", "--format", "json").out)["notes"][0]
    assert data["changes"] == [] and [c["claim"] for c in data["read_otherwise"]] == [claim]


def test_what_is_read_otherwise_is_taken_over_when_asked_for(own_cli, saved) -> None:
    claim = other_verdict(saved, supported(load(saved)))
    ran = own_cli("recheck", "note.json", "--update", "--anew", "--editor", "Desk")
    assert ran.code == 0 and "taken over" in ran.out and "Written: 1" in ran.out, ran
    note = load(saved)
    assert next(a for a in note.assessments if a.claim.id == claim).verdict is Verdict.SUPPORTED
    (entry,) = [d for d in note.decisions if d.kind == "recheck"]
    assert entry.claim == claim and entry.before["verdict"] == "not_enough_evidence"
    assert entry.reason.startswith(standing.UNFOUNDED) and standing.SEARCHED in entry.reason
    assert history.problems(note) == []
    ran = own_cli("recheck", "note.json")
    assert "nothing changed" in ran.out and "Read otherwise" not in ran.out, ran
    assert own_cli("recheck", "note.json", "--anew").code == 2


def test_a_new_report_that_is_not_the_reason_is_not_taken_for_it(own_cli, work, saved) -> None:
    """It says what the others say, and the claim would come out so without it."""
    at = supported(load(saved))
    cited = next(c for c in load(saved).assessments[at].citations if str(c.stance) == "supports")
    claim = other_verdict(saved, at)
    own_cli("refs", "add", news(work, cited.quote, day="2013-11-20", origin=cited.origins[0]))
    data = json.loads(own_cli("recheck", "note.json", "--format", "json").out)["notes"][0]
    assert claim not in {c["claim"] for c in data["changes"]}
    assert claim in {c["claim"] for c in data["read_otherwise"]}


def test_a_change_with_a_reason_beside_one_without(own_cli, work, saved) -> None:
    own_cli("refs", "add", news(work, HIGHER))
    (first,) = json.loads(own_cli("recheck", "note.json", "--format", "json").out)["notes"]
    changed = {c["claim"] for c in first["changes"]}
    note = load(saved)
    at = next(
        n
        for n, a in enumerate(note.assessments)
        if a.verdict is Verdict.SUPPORTED and a.claim.id not in changed
    )
    claim = other_verdict(saved, at)
    (again,) = json.loads(own_cli("recheck", "note.json", "--format", "json").out)["notes"]
    assert {c["claim"] for c in again["changes"]} == changed
    assert {c["claim"] for c in again["read_otherwise"]} == {claim}


def test_a_model_is_taken_at_its_word_and_not_asked_again(checker, typhoon, monkeypatch) -> None:
    """What comes out otherwise counts where something new is cited, without a second question."""
    asked: list[int] = []
    real = checker.analyst.judge

    def counted(tasks, done):
        asked.append(len(tasks))
        return real(tasks, done)

    monkeypatch.setattr(checker.analyst, "judge", counted)
    monkeypatch.setattr(checker.analyst, "model", "some-model", raising=False)
    at = supported(typhoon)
    made = list(typhoon.assessments)
    made[at] = replace(made[at], verdict=Verdict.NOT_ENOUGH)
    old = replace(typhoon, assessments=tuple(made))
    result = standing.recheck(checker, old)
    assert result.changes == () and [c.claim for c in result.unfounded] == [made[at].claim.id]
    assert len(asked) == 1
    earlier = replace(old, provenance=replace(old.provenance, created="2001-01-01T00:00:00+00:00"))
    result = standing.recheck(checker, earlier)  # then all that it cites is younger
    assert [c.claim for c in result.changes] == [made[at].claim.id] and len(asked) == 2


def test_the_history_says_what_was_done(own_cli, work, saved) -> None:
    folder = work / "notes"
    folder.mkdir()
    by_news = folder / "note.json"
    by_news.write_bytes(saved.read_bytes())
    own_cli("refs", "add", news(work, HIGHER, day="2019-07-21"))  # a later figure
    own_cli("recheck", "note.json", "--update")
    own_cli("recheck", "--all", "notes", "--since-refs", "2020-01-01", "--update")
    for path, told in ((saved, standing.SEARCHED), (by_news, "new sentence")):
        entries = [d for d in load(path).decisions if d.kind == "recheck"]
        assert entries and all(told in d.reason for d in entries), (path, entries)
        shown = " ".join(own_cli("sign", path, "--show").out.split())
        assert told in shown
        ran = own_cli("recheck", path)  # afterwards both notes stand, also against a search
        assert "nothing changed" in ran.out, ran


def test_the_page_says_a_recheck_and_a_correction_in_words(own_cli, work, saved) -> None:
    claim = other_verdict(saved, supported(load(saved)))
    own_cli("recheck", "note.json", "--update", "--anew", "--editor", "Desk")
    own_cli("sign", "note.json", "--editor", "Desk")
    corrected = f"{claim[1:]}=partly_supported:only a part"
    assert own_cli("sign", "note.json", "--editor", "Desk", "--correct", corrected).code == 0
    page = own_cli("show", "note.json", "--format", "html").out
    words = re.sub(r"<style.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
    assert "partly_supported" not in words and words.count("Partly supported") > 1


# ---------------------------------------------------------------- other countries

MINISTER = (
    "The minister said that more than 600,000 people had been displaced and that relief was slow."
)
ABROAD = """---
id: N77
publisher: Example Wire
kind: wire
title: {land}, after the storm
published: 2013-11-12
language: en
origins: [government]
---

{land} counted its dead. {told}
"""
ARTICLE = """---
title: After the storm
outlet: Example Gazette
published: 2013-11-20
language: en
---

The typhoon struck the Philippines. {told}
"""


@pytest.mark.parametrize(("land", "told"), [("Philippines", True), ("Bolivia", False)])
def test_a_like_sentence_about_another_country_is_no_news(
    tmp_path, own_store, shared_cache, land, told
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    article = tmp_path / "article.md"
    article.write_text(ARTICLE.format(told=MINISTER))
    made = Reference(
        id="N77", publisher="Example Wire", kind="wire", title=f"{land}, after the storm",
        text=f"{land} counted its dead. {MINISTER}", published=date(2013, 11, 12), language="en",
        origins=("government",), retrieved="2099-01-01T00:00:00+00:00",
    )  # fmt: skip
    with Checker(Settings.load(store=own_store, cache=shared_cache)) as checker:
        note = checker.check(article)
        save(folder / "note.json", note)
        checker.store.add([made])
        with NoteIndex(folder, tmp_path / "cache", checker.store.embedder) as index:
            index.refresh()
            for rules in (True, False):
                found = news_.concerned(index, checker.store, [made], rules=rules)
                assert bool(found) is told, (rules, found)
        result = standing.recheck(checker, note)
        cited = {c.reference for a in result.found for c in a.citations}
        assert ("N77" in cited) is told
        assert bool(result.changes) is told, result.changes


def test_elsewhere() -> None:
    def report(text: str) -> Reference:
        return Reference(id="x", publisher="p", kind="wire", title="t", text=text, language="en")

    assert news_.elsewhere({"PH"}, report("Bolivia counted its dead."))
    assert not news_.elsewhere({"PH", "BO"}, report("Bolivia counted its dead."))
    assert not news_.elsewhere(set(), report("Bolivia counted its dead."))
    assert not news_.elsewhere({"PH"}, report("They counted their dead."))
