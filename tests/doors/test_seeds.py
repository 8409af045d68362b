"""The shipped data: reports, register of sources, articles and their labels fit together."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from factcheck import refs, sources
from factcheck.evaluate import read_gold
from factcheck.evaluate.measures import kappa
from factcheck.files import shipped
from factcheck.models import Reference, Verdict
from factcheck.sources import Register
from factcheck.steps.acquire import acquire
from tests.conftest import ROOT

SEEDS = shipped("seeds")
GOLD = sorted((SEEDS / "gold").glob("*.jsonl"))
NO_TALK = re.compile(
    r"distractor|matcher|\brole\s*:|benchmark|ground truth|\bTODO\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def starter() -> list[Reference]:
    return refs.read_all([SEEDS / "references"])


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.load()


def test_there_are_103_reports_named_as_their_files(starter: list[Reference]) -> None:
    assert [r.id for r in starter] == [f"F{i:03}" for i in range(1, 104)]
    assert [p.stem for p in refs.collect([SEEDS / "references"])] == [r.id for r in starter]


def test_reports_are_complete(starter: list[Reference]) -> None:
    for r in starter:
        assert r.language != "und", r.id
        assert len(r.text) > 40, r.id
        assert r.url is None or re.match(r"https?://\S+$", r.url), r.id
    assert sum(r.published is None for r in starter) <= 3


def test_an_event_is_no_later_than_its_report(starter: list[Reference]) -> None:
    late = {r.id for r in starter if r.published and r.event_date and r.event_date > r.published}
    assert late == set()


def test_no_report_talks_about_the_test(starter: list[Reference]) -> None:
    for path in refs.collect([SEEDS]):
        assert not NO_TALK.search(path.read_text(encoding="utf-8")), path.name


def test_no_two_reports_have_one_text(starter: list[Reference]) -> None:
    assert [t for t, n in Counter(r.text for r in starter).items() if n > 1] == []


def test_every_origin_is_registered_by_its_canonical_name(
    starter: list[Reference], register: Register
) -> None:
    unknown = {(r.id, o) for r in starter for o in r.origins if register.named(o) is None}
    assert unknown == set()
    other = {(r.id, o) for r in starter for o in r.origins if register.canonical(o) != o}
    assert other == set()


def test_publisher_kinds_are_known(starter: list[Reference]) -> None:
    assert {r.kind for r in starter} <= set(refs.KINDS)


def test_the_register_is_in_order(register: Register) -> None:
    ids = [s.id for s in register.sources]
    assert len(ids) == len(set(ids)) > 100
    assert {s.kind for s in register.sources} <= set(sources.KINDS)
    assert {s.parent for s in register.sources if s.parent} <= set(ids)
    for source in register.sources:
        assert source.name.strip() == source.name != ""
        assert source.id not in (source.parent,)


def test_aliases_belong_to_one_source(register: Register) -> None:
    owners: dict[str, set[str]] = {}
    for source in register.sources:
        assert len(source.aliases) == len(set(source.aliases)), source.id
        for name in (source.short, source.name, *source.aliases):
            assert name.strip()
            assert register.named(name) is source, (source.id, name)
            owners.setdefault(name.casefold(), set()).add(source.id)
    assert {n: o for n, o in owners.items() if len(o) > 1} == {}


def test_no_source_is_its_own_ancestor(register: Register) -> None:
    parents = {s.id: s.parent for s in register.sources}
    for id in parents:
        seen, at = set(), id
        while at is not None:
            assert at not in seen, id
            seen.add(at)
            at = parents[at]


def test_conflicts_that_parties_take_part_in_are_declared(register: Register) -> None:
    import tomllib

    raw = tomllib.loads((SEEDS / "sources.toml").read_text(encoding="utf-8"))
    declared = {c["id"] for c in raw["conflict"]}
    assert {c for s in register.sources for c in s.party_to} <= declared


@pytest.mark.parametrize(
    ("short", "sentences"),
    [
        ("IOM", ["IOM said so.", "Organisasi Internasional untuk Migrasi mengatakan demikian.",
                 "قالت المنظمة الدولية للهجرة ذلك.", "L'Organisation internationale pour les migrations le dit.",
                 "La Organización Internacional para las Migraciones lo dijo.",
                 "Die Internationale Organisation für Migration sagte es.", "Uluslararası Göç Örgütü söyledi."]),
        ("FAO", ["FAO said so.", "Organisasi Pangan dan Pertanian mengatakan demikian.", "قالت الفاو ذلك.",
                 "L'Organisation pour l'alimentation et l'agriculture le dit.",
                 "Lo dijo la Organización de las Naciones Unidas para la Alimentación y la Agricultura.",
                 "Die Ernährungs- und Landwirtschaftsorganisation sagte es.", "Gıda ve Tarım Örgütü söyledi."]),
        ("IFRC", ["IFRC said so.", "Federasi Internasional Palang Merah mengatakan demikian.",
                  "قال الاتحاد الدولي لجمعيات الصليب الأحمر والهلال الأحمر ذلك.",
                  "La Fédération internationale de la Croix-Rouge le dit.",
                  "La Federación Internacional de la Cruz Roja lo dijo.",
                  "Die Internationale Föderation der Rotkreuz- und Rothalbmond-Gesellschaften sagte es.",
                  "Uluslararası Kızılhaç ve Kızılay Dernekleri Federasyonu söyledi."]),
        ("VOA", ["Voice of America said so.", "Suara Amerika mengatakan demikian.", "قالت إذاعة صوت أمريكا ذلك.",
                 "La Voix de l'Amérique le dit.", "La Voz de América lo dijo.", "Stimme Amerikas sagte es.",
                 "Amerika'nın Sesi söyledi."]),
        ("Save the Children", ["Save the Children said so.", "Yayasan Save the Children mengatakan demikian.",
                               "قالت منظمة إنقاذ الطفل ذلك."]),
    ],
)  # fmt: skip
def test_relief_bodies_are_known_in_the_languages_of_the_rules(
    register: Register, short: str, sentences: list[str]
) -> None:
    for sentence in sentences:
        assert [n.source.short for n in register.find(sentence)] == [short], sentence
    assert register.family(short) == ("UN" if short in ("IOM", "FAO") else short)


def test_ordinary_words_are_no_relief_body(register: Register) -> None:
    for sentence in (
        "Mereka harus selamatkan anak-anak.",
        "Il faut sauver les enfants.",
        "oim, fao, voa",
    ):
        assert not register.find(sentence), sentence


# ---------------------------------------------------------------- articles and labels


def labels(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def test_every_article_has_labels_and_every_label_an_article() -> None:
    articles = {p.name for p in (SEEDS / "articles").iterdir()}
    assert {p.name.replace(".jsonl", ".md") for p in GOLD} == articles
    assert len(articles) >= 12


@pytest.mark.parametrize("path", GOLD, ids=lambda p: p.stem)
def test_labels_are_slices_of_their_article(path: Path, starter: list[Reference]) -> None:
    known = {r.id for r in starter}
    rows = labels(path)
    assert len(rows) >= 15
    assert len({r["id"] for r in rows}) == len(rows)
    for row in rows:
        article = acquire(SEEDS / "articles" / row["article"])
        assert article.text[row["start"] : row["end"]] == row["said"] != "", row["id"]
        assert row["said"] == row["said"].strip(), row["id"]
        verdict = Verdict(row["verdict"])
        assert row["phenomenon"] and row["why"], row["id"]
        assert verdict in {Verdict(row["first"]), Verdict(row["second"])}, row["id"]
        assert row["split"] in ("dev", "test"), row["id"]
        assert set(row["references"]) <= known, row["id"]
        if verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.DISPUTED):
            assert row["references"], row["id"]
        if verdict is Verdict.NOT_CHECKABLE:
            assert not row["references"], row["id"]


def test_the_page_on_the_gold_tells_how_two_labellings_agree() -> None:
    page = (ROOT / "docs" / "gold.md").read_text(encoding="utf-8")
    rows = [row for path in GOLD for row in labels(path)]
    first, second = [r["first"] for r in rows], [r["second"] for r in rows]
    apart = [r for r in rows if r["first"] != r["second"]]
    assert f"Of {len(rows)} spans the two agree on {len(rows) - len(apart)} " in page
    assert f"kappa {kappa(first, second)}" in page
    for row in apart:
        name = row["article"].removesuffix(".md")
        line = next(x for x in page.splitlines() if x.startswith(f"| {name} {row['id']},"))
        assert f"| {row['first']} | {row['second']} | {row['verdict']} |" in line


def test_there_are_spans_enough_of_every_kind() -> None:
    rows = [row for path in GOLD for row in labels(path)]
    assert len(rows) >= 260
    kinds = {
        "true", "swapped_number", "swapped_place", "wrong_date", "wrong_speaker", "outdated",
        "single_origin", "disputed", "reversed", "negation", "scope", "superlative", "label",
        "prediction", "injection",
    }  # fmt: skip
    assert kinds <= {row["phenomenon"] for row in rows}


@pytest.mark.parametrize("path", GOLD, ids=lambda p: p.stem)
def test_labels_do_not_overlap(path: Path) -> None:
    rows = sorted(labels(path), key=lambda r: r["start"])
    for before, after in pairwise(rows):
        assert before["end"] <= after["start"], (before["id"], after["id"])


@pytest.mark.parametrize("path", GOLD, ids=lambda p: p.stem)
def test_the_program_reads_its_labels(path: Path) -> None:
    article = SEEDS / "articles" / path.name.replace(".jsonl", ".md")
    assert len(read_gold(path, [article])[article]) == len(labels(path))


@pytest.mark.parametrize("path", sorted((SEEDS / "articles").glob("*.md")), ids=lambda p: p.stem)
def test_articles_state_what_they_are(path: Path) -> None:
    article = acquire(path)
    assert article.title
    assert article.outlet
    assert article.published
    assert article.published_inferred is False
    assert article.language == path.name.split(".")[1]
