"""Readings of reports are kept: the same as read anew, and not read twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from factcheck import evidence, index, reading
from factcheck.kept import Shelf
from factcheck.models import Passage, Reference
from factcheck.refs import read_all
from factcheck.text import figures, names
from tests.conftest import ROOT

REPORT = Reference(
    id="R1",
    publisher="UNHCR",
    kind="un",
    title="Displacement in Aleppo",
    text="UNHCR said on 4 January that 12,000 people fled Azaz. A day later SOHR counted 35 dead.",
    published=date(2014, 1, 6),
    language="en",
)


@pytest.fixture
def nothing_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that has read no report yet."""
    monkeypatch.setattr(evidence, "_read", {})
    monkeypatch.setattr(evidence, "_missing", {})
    yield


def forget() -> None:
    evidence._read.clear()
    evidence._missing.clear()


def sentences_of(report: Reference) -> list[tuple[Passage, Reference]]:
    return [(e.passage, report) for e in index.entries(report)]


def parts(made: reading.Reading, wanted: tuple[str, ...]) -> list[object]:
    return [getattr(made, part) for part in wanted]


def test_what_is_kept_is_what_was_read() -> None:
    for report in read_all([ROOT / "seeds" / "references"])[::9]:
        whole = evidence.read_report(report)
        told = reading.packed(whole, evidence._OF_REPORT)
        again = reading.Reading(whole.text, whole.language, kept=reading.unpacked(told))
        assert parts(again, evidence._OF_REPORT) == parts(whole, evidence._OF_REPORT)
        assert again.name_keys == whole.name_keys and again.countries == whole.countries
        for passage, _ in sentences_of(report):
            own = evidence.read_passage(passage, report)
            kept = reading.unpacked(reading.packed(own))
            assert parts(reading.Reading(own.text, own.language, kept=kept), reading.PARTS) == (
                parts(own, reading.PARTS)
            )


@pytest.mark.usefixtures("nothing_read")
def test_a_filed_report_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = index.entries(REPORT, Shelf(tmp_path, reading.rules))
    before = [evidence.read_passage(e.passage, REPORT) for e in entries]
    wanted = [parts(r, reading.PARTS) for r in before]
    countries = evidence.read_report(REPORT).countries
    forget()

    def unwanted(*_: object) -> None:
        raise AssertionError("read again")

    for module, name in ((names, "names"), (figures, "figures"), (reading, "names")):
        monkeypatch.setattr(module, name, unwanted)
    passages = [(e.passage, REPORT) for e in entries]
    evidence.recall(passages, Shelf(tmp_path, reading.rules))
    after = [evidence.read_passage(p, r) for p, r in passages]
    assert [parts(r, reading.PARTS) for r in after] == wanted
    assert evidence.read_report(REPORT).countries == countries == {"SY"}


@pytest.mark.usefixtures("nothing_read")
def test_parts_that_nobody_asked_for_are_read_later_and_kept_then(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, reading.rules)
    passage, _ = sentences_of(REPORT)[0]
    whole = [parts(evidence.read_passage(passage, REPORT), reading.PARTS)]
    forget()
    assert evidence.read_passage(passage, REPORT).figures
    evidence.keep(shelf)
    for known in ({"figures"}, set(reading.PARTS)):
        forget()
        evidence.recall([(passage, REPORT)], shelf)
        found = evidence.read_passage(passage, REPORT)
        assert found.read_parts == known
        assert [parts(found, reading.PARTS)] == whole  # names among them, in the report's light
        evidence.keep(shelf)


@pytest.mark.usefixtures("nothing_read")
def test_another_text_date_or_title_is_another_reading(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, reading.rules)
    passage, _ = sentences_of(REPORT)[1]
    index.entries(REPORT, shelf)
    for other in (
        replace(REPORT, published=date(2015, 1, 6)),
        replace(REPORT, title="Displacement in Lebanon"),
        replace(REPORT, text=REPORT.text + " It rained in Beirut."),
        replace(REPORT, language="fr"),
    ):
        evidence.recall([(passage, other)], shelf)
        assert not evidence.read_passage(passage, other).read_parts


@pytest.mark.usefixtures("nothing_read")
def test_other_rules_and_a_damaged_file_only_cost_time(tmp_path: Path) -> None:
    passages = sentences_of(REPORT)
    index.entries(REPORT, Shelf(tmp_path, reading.rules))
    wanted = [parts(evidence.read_passage(*p), reading.PARTS) for p in passages]
    (file,) = tmp_path.glob("readings-*.sqlite3")
    for spoilt in (b"", b"no database" * 500):
        file.write_bytes(spoilt)
        forget()
        shelf = Shelf(tmp_path, reading.rules)
        evidence.recall(passages, shelf)
        assert [parts(evidence.read_passage(*p), reading.PARTS) for p in passages] == wanted
        evidence.keep(shelf)
        del shelf  # which lets go of the file
    file.write_bytes(b"")
    forget()
    index.entries(REPORT, Shelf(tmp_path, reading.rules))
    forget()
    evidence.recall(passages, Shelf(tmp_path, reading.rules))
    assert evidence.read_passage(*passages[0]).read_parts == set(reading.PARTS)  # made new
    forget()
    evidence.recall(passages, Shelf(tmp_path, lambda: "other"))
    assert not evidence.read_passage(*passages[0]).read_parts


@pytest.mark.usefixtures("nothing_read")
def test_only_what_was_asked_for_is_looked_at_when_readings_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update thousands of readings may be on the shelf in part."""
    shelf = Shelf(tmp_path, reading.rules)
    passages = sentences_of(replace(REPORT, text=" ".join(f"It was {n}." for n in range(40))))
    forget()
    for p in passages:
        assert evidence.read_passage(*p).figures is not None
    evidence.keep(shelf)
    forget()
    evidence.recall(passages, shelf)
    looked_at = []
    parts_of = reading.Reading.read_parts.fget
    assert parts_of is not None
    monkeypatch.setattr(
        reading.Reading, "read_parts", property(lambda r: looked_at.append(r) or parts_of(r))
    )
    assert evidence.read_passage(*passages[7]).names is not None
    evidence.keep(shelf)
    assert {r.text for r in looked_at} <= {
        passages[7][0].text,
        evidence.read_report(passages[0][1]).text,
    }
    forget()
    evidence.recall(passages, shelf)
    assert {"names", "figures"} <= evidence.read_passage(*passages[7]).read_parts
    assert evidence.read_passage(*passages[8]).read_parts == {"figures"}


@pytest.mark.usefixtures("nothing_read")
def test_what_was_recalled_just_now_is_not_forgotten_for_want_of_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = " ".join(f"SOHR said that {n} people fled Azaz on Monday." for n in range(20, 32))
    reports = [replace(REPORT, id=f"R{n}", text=f"{text} It was {n}.") for n in range(3)]
    shelf = Shelf(tmp_path, reading.rules)
    for report in reports:
        index.entries(report, shelf)
    passages = [sentences_of(report) for report in reports]
    assert all(len(some) == 13 for some in passages)
    forget()
    monkeypatch.setattr(evidence, "_MOST", 30)
    for some in passages:
        evidence.recall(some, shelf)
        assert len(evidence._read) <= 30
        assert all(evidence.read_passage(*p).read_parts == set(reading.PARTS) for p in some)


def test_what_nobody_used_for_long_is_thrown_away(tmp_path: Path) -> None:
    old, young = tmp_path / "readings-old.sqlite3", tmp_path / "readings-young.sqlite3"
    old.touch()
    young.touch()
    os.utime(old, (1e9, 1e9))
    Shelf(tmp_path, lambda: "now").put({b"k": "v"})
    assert not old.exists() and young.exists()
    assert Shelf(tmp_path, lambda: "now").get([b"k", b"other"]) == {b"k": "v"}
    assert Shelf(tmp_path, lambda: "then").get([b"k"]) == {} == Shelf().get([b"k"])


def test_the_name_of_the_rules_follows_their_files(monkeypatch: pytest.MonkeyPatch) -> None:
    before = reading.rules()
    read_bytes = Path.read_bytes
    for changed in ("figures.py", "actions.toml", "sources.toml", "evidence.py"):

        def edited(path: Path, changed: str = changed) -> bytes:
            return read_bytes(path) + (b" " if path.name == changed else b"")

        monkeypatch.setattr(Path, "read_bytes", edited)
        assert reading.rules.__wrapped__() != before
