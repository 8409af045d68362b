"""`factcheck similar`: the table of pairs, what differs, and the command."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import numpy as np
import pytest

from bench import similar as bench
from factcheck import history, reading, similar
from factcheck.models import Decision
from tests.desk.conftest import save

TABLE = bench.pairs()


KINDS = bench.kinds(TABLE)


def test_the_table_is_wide_enough() -> None:
    assert sum(not p.short for p in TABLE) >= 150
    assert len({lang for p in TABLE for lang, _ in (p.a, p.b)}) >= 6
    assert Counter(p.found for p in TABLE if not p.short)[False] >= 60
    assert len({p.a for p in TABLE if p.short}) >= 48


@pytest.fixture(scope="module")
def scores(shared_cache) -> np.ndarray:
    """How likely the claims of each pair say the same."""
    from factcheck import embed

    return similar.score(*bench.signs(TABLE, embed.default(shared_cache)).T)


def test_the_same_is_found_in_any_language(scores) -> None:
    """docs/desk.md has the figures; these are floors just below them."""
    said = scores >= similar.SAME
    least = {
        "the same, found": 0.97,
        "same event, other fact, found": 0.97,
        "few words, found": 0.7,
    }
    for kind, share in least.items():
        assert said[KINDS[kind]].mean() >= share, kind
    assert said[KINDS["same topic, shown all the same"]].mean() <= 0.08
    assert said[KINDS["few words, another claim shown"]].mean() <= 0.005
    whole = KINDS["the same, found"] | KINDS["same event, other fact, found"]
    for lang in ("en", "id", "ar", "fr", "es", "de", "tr"):
        mine = np.array([lang in (p.a[0], p.b[0]) for p in TABLE]) & whole
        assert said[mine].mean() >= 0.9, lang
        few = np.array([lang == p.a[0] for p in TABLE]) & KINDS["few words, found"]
        assert (scores[few] >= similar.PERHAPS).mean() >= 0.85, lang


def test_without_words_the_rest_still_tells_the_same(scores, shared_cache) -> None:
    from factcheck import embed

    signs = bench.signs(TABLE, embed.default(shared_cache))
    said = similar.score(*signs.T[:3]) >= similar.SAME
    assert said[KINDS["the same, found"]].mean() >= 0.95
    assert said[KINDS["same topic, shown all the same"]].mean() <= 0.13


def test_what_differs_is_said() -> None:
    told, wrong = Counter(), 0
    for pair in TABLE:
        kinds = {d.kind for d in similar.differences(*pair.readings())}
        if pair.differs:
            told[pair.differs, pair.differs in kinds] += 1
        elif pair.found and not pair.short:
            wrong += bool(kinds)
    for kind in ("figure", "day", "negation"):
        assert told[kind, True] / (told[kind, True] + told[kind, False]) >= 0.9, kind
    assert wrong <= 4


def read(text: str, language: str = "en") -> reading.Reading:
    return reading.read(text, language, date(2013, 11, 20))


@pytest.mark.parametrize(
    ("here", "there", "kinds"),
    [
        ("The shelling killed 40 people in Homs.", "The shelling killed 76 people in Homs.", ["figure"]),
        ("The shelling killed 40 people in Homs.", "The shelling killed people in Homs.", []),
        ("About 2.2 million fled Syria.", "Some 2.2 million people fled Syria.", []),
        ("The shelling killed 40 people.", "The shelling lasted 76 days.", []),
        ("Aid reached Homs on 5 November.", "Aid reached Homs on 9 November.", ["day"]),
        ("Aid reached Homs.", "Aid did not reach Homs.", ["negation"]),
        ("Aid reached Homs.", "Aid reached Aleppo.", ["place"]),
        ("The army captured Safira from the rebels.", "The rebels captured Safira from the army.",
         ["side"]),
    ],
)  # fmt: skip
def test_differences_by_example(here, there, kinds) -> None:
    assert [d.kind for d in similar.differences(read(here), read(there))] == kinds


@pytest.fixture
def folder(work, typhoon, spanish):
    notes = work / "notes"
    notes.mkdir()
    at = "2026-11-20T09:00:00+00:00"
    note = history.append(spanish, Decision(at=at, kind="verdict", claim="c1", value="disputed",
                                            reason="the ministry says less", by="Desk"))  # fmt: skip
    save(notes / "es.json", history.append(note, Decision(at=at, kind="sign", by="Desk")))
    save(notes / "typhoon.json", typhoon)
    return notes


def test_a_rumour_that_comes_again(cli, folder) -> None:
    ran = cli(
        "similar", "Topan Haiyan menewaskan sedikitnya 6.000 orang, kata PBB", "--in", "notes"
    )
    assert ran.code == 0, ran
    assert "Disputed (editor; machine: Supported) · signed by Desk, 2026-11-20" in ran.out
    assert "other figure: " in ran.out and "4.460" in ran.out and "es.json, c1" in ran.out
    assert "typhoon.json" not in ran.out, "nobody signed it"
    again = "The typhoon killed at least 6,000 people, the United Nations said."
    ran = cli("similar", again, "--in", "notes", "--unsigned")
    assert "typhoon.json" in ran.out and "not signed" in ran.out
    ran = cli("similar", again, "--in", "notes", "--unsigned", "--lang", "en")
    assert "typhoon.json" in ran.out
    assert (
        "typhoon.json"
        not in cli("similar", again, "--in", "notes", "--unsigned", "--lang", "es").out
    )


@pytest.mark.parametrize(
    "asked",
    [
        "الإعصار قتل 4460 شخصا",
        "4.460 Tote durch Taifun",
        "typhoon: 4,460 dead",
        "topan Haiyan tewaskan 4.460",
    ],
)
def test_few_words_find_it_in_any_language(cli, folder, asked) -> None:
    ran = cli("similar", asked, "--in", "notes", "--format", "json")
    [one] = json.loads(ran.out)["asked"]
    assert one["hits"] and one["hits"][0]["note"] == "es.json"
    assert one["hits"][0]["claim"] == "c1", one


def test_what_is_not_sure_is_said_to_be_so(cli, folder, monkeypatch) -> None:
    monkeypatch.setattr(similar, "SAME", 0.9999)
    ran = cli("similar", "4.460 Tote durch Taifun", "--in", "notes")
    assert "perhaps: Disputed" in ran.out and "Nothing surely like it" in ran.err
    data = json.loads(cli("similar", "notes/typhoon.json", "--in", "notes", "--format", "json").out)
    assert not any(a["hits"] for a in data["asked"]), "a note's claims are many: only what is sure"


def test_nothing_like_it(cli, folder) -> None:
    ran = cli("similar", "The price of bread rose in Cairo.", "--in", "notes", "--unsigned")
    assert ran.code == 0 and ran.out == "" and "Nothing like it" in ran.err


def test_the_claims_of_a_note(cli, folder) -> None:
    data = json.loads(cli("similar", "notes/typhoon.json", "--in", "notes", "--format", "json").out)
    assert data["notes"] == 1
    hits = {a["claim"]: a["hits"] for a in data["asked"]}
    assert hits["c1"][0]["note"] == "es.json" and hits["c1"][0]["verdict"] == "disputed"
    assert hits["c1"][0]["signed"] == {
        "by": "Desk",
        "at": "2026-11-20T09:00:00+00:00",
        "stands": True,
    }
    out = cli("similar", "notes/typhoon.json", "--in", "notes", COLUMNS="60").out
    assert max(map(len, out.splitlines())) <= 60


def test_a_note_does_not_find_itself(cli, folder) -> None:
    data = json.loads(cli("similar", "notes/es.json", "--in", "notes", "--format", "json").out)
    assert not any(a["hits"] for a in data["asked"])


@pytest.mark.parametrize(("arguments", "code"), [
    (("!!!", "--in", "notes"), 2), (("words", "--in", "nowhere"), 4), (("gone.json", "--in", "notes"), 4),
    (("words", "--in", "notes", "--limit", "0"), 2),
])  # fmt: skip
def test_what_cannot_be_asked(cli, folder, arguments, code) -> None:
    ran = cli("similar", *arguments)
    assert ran.code == code and "Traceback" not in ran.err, ran


def test_a_broken_note_in_the_folder_is_told_of(cli, folder) -> None:
    (folder / "bad\x1b[31m.json").write_text('{"schema": "factcheck.note/1"}')
    ran = cli("similar", "Haiyan killed 4,460 people", "--in", "notes")
    assert ran.code == 4 and "es.json" in ran.out and "bad" in ran.err and "\x1b" not in ran.err
