"""What was read of a claim is kept with it in the index, and is what would be read today."""

from __future__ import annotations

from pathlib import Path

import pytest

from factcheck import claimread, desk, evidence, news, reading, standing
from factcheck.evidence import near_countries
from factcheck.kept import Shelf
from factcheck.noteindex import NoteIndex
from factcheck.reading import PARTS
from factcheck.steps import acquire, extract
from tests.desk.conftest import save

ARTICLES = sorted(Path("seeds/articles").glob("*.md"))


@pytest.mark.parametrize("path", ARTICLES, ids=[p.stem for p in ARTICLES])
def test_what_is_remembered_is_what_was_read(path, checker, monkeypatch) -> None:
    article = acquire.acquire(path)
    near = near_countries(article)
    claims, _ = extract.extract(article, checker.analyst)
    assert claims
    first = [claimread.read(c, article, near) for c in claims]
    told = [
        [[getattr(r, part) for part in PARTS if part != "addresses_machine"]
         for r in (c.own, c.said, c.around)]
        for c in first
    ]  # fmt: skip
    packed = [claimread.packed(c) for c in first]
    lands = [c.lands for c in first]
    reading.read.cache_clear()

    def again(*_: object, **__: object) -> None:
        pytest.fail("read again")

    for name in ("names", "dates_", "figures_", "machine"):
        monkeypatch.setattr(reading, name, again)
    monkeypatch.setattr(reading.lexicon, "mentions", again)
    for claim, text, parts, setting in zip(claims, packed, told, lands, strict=True):
        made = claimread.remember(text)
        assert made.lands == setting
        assert made.own is evidence.read_claim(claim, article, near)
        assert made.said is evidence.read_words(claim, article, near)
        assert made.around is evidence.read_around(claim, article, near)
        assert [
            [getattr(r, part) for part in PARTS if part != "addresses_machine"]
            for r in (made.own, made.said, made.around)
        ] == parts
        assert claimread.packed(made) == text


@pytest.fixture
def folder(tmp_path, typhoon, spanish) -> Path:
    notes = tmp_path / "notes"
    notes.mkdir()
    save(notes / "typhoon.json", typhoon)
    save(notes / "es.json", spanish)
    return notes


def test_a_note_that_is_remembered_is_not_read_again(
    folder, tmp_path, checker, monkeypatch
) -> None:
    """The Spanish article names its country; of one that does not, the reports lend theirs."""
    with NoteIndex(folder, tmp_path / "cache", checker.store.embedder) as index:
        index.refresh()
        file = desk.read(folder / "es.json", known=index.sha256("es.json"))
        assert file.sha256 == index.sha256("es.json") != ""
        expected = standing.recheck(checker, file.note)
        reading.read.cache_clear()
        evidence._setting.cache_clear()
        evidence._settings.clear()
        evidence._countries.clear()
        index.remember("es.json", file.note)
        monkeypatch.setattr(evidence, "_setting", lambda *_: pytest.fail("read again"))
        known = {t for a in file.note.assessments for t in (a.claim.statement, a.claim.said)}
        real = reading.names
        monkeypatch.setattr(
            reading,
            "names",
            lambda text, *r: pytest.fail(text) if text in known else real(text, *r),
        )
        assert standing.recheck(checker, file.note) == expected
        assert index.sha256("nowhere.json") == ""


def test_other_rules_make_the_index_anew(folder, tmp_path, checker, monkeypatch) -> None:
    def read(expected: int) -> None:
        seen = []
        real = desk.read
        monkeypatch.setattr(desk, "read", lambda *a, **k: (seen.append(a), real(*a, **k))[1])
        with NoteIndex(folder, tmp_path / "cache", checker.store.embedder) as index:
            index.refresh()
            assert len(index.kept()) == len(index.read([c.n for c in index.kept()])) > 0
        monkeypatch.setattr(desk, "read", real)
        assert len(seen) == expected

    read(2)
    read(0)
    monkeypatch.setattr(reading, "rules", lambda: "other rules")
    read(2)


def test_a_forgotten_note_leaves_nothing(folder, tmp_path, checker) -> None:
    with NoteIndex(folder, tmp_path / "cache", checker.store.embedder) as index:
        index.refresh()
        for path in folder.glob("*.json"):
            path.unlink()
        index.refresh()
        for table in ("note", "claim", "told", "key", "figure", "cites"):
            assert index._db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_a_figure_that_only_says_who_is_counted_is_filed() -> None:
    told = reading.read("It is believed to have about 26,681 fighters.", "en")
    assert {q[0] for q in news.quantities(told, ["SY"])} == {"of fighters"}
    dead = reading.read("At least 5,200 people were killed.", "en")
    assert {q[0] for q in news.quantities(dead, ())} == {"killed"}


def test_what_is_read_in_a_run_is_put_on_the_shelf_once(
    tmp_path, checker, typhoon, monkeypatch
) -> None:
    puts = []
    shelf = Shelf(tmp_path / "shelf", lambda: "x")
    real = Shelf.put
    monkeypatch.setattr(
        Shelf, "put", lambda self, texts: (puts.append(len(texts)), real(self, texts))
    )
    reference = checker.store.references()[0]
    passage = checker.store.passages_of(reference)[0]
    evidence._read.clear()
    evidence._missing.clear()
    with evidence.kept_at_the_end(shelf):
        for _ in range(3):
            assert evidence.read_passage(passage, reference).figures is not None
            evidence.keep(shelf)
        assert puts == []
    assert len(puts) == 1 and puts[0] >= 1
    evidence.keep(shelf)
    assert len(puts) == 2  # outside it is put there at once
