"""Whole notes against labels: groups, orders set aside, and finished notes looked up again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from factcheck import evaluate, notefile
from factcheck.analysts.local import LocalAnalyst
from factcheck.errors import UsageError
from factcheck.evaluate import citations, stability
from factcheck.models import Pointer, Proposal, Stance, Verdict
from tests.conftest import ROOT

ARTICLE = ROOT / "seeds" / "articles" / "rebel-merger.en.md"
GOLD = ROOT / "seeds" / "gold" / "rebel-merger.en.jsonl"


@pytest.fixture(scope="module")
def note(checker):
    return checker.check(ARTICLE)


def test_figures_by_language_phenomenon_and_split(note, checker) -> None:
    labels = evaluate.read_gold(GOLD, [ARTICLE])[ARTICLE]
    figures = evaluate.score(note, labels, checker.store.reference).figures()
    assert sum(v["n"] for v in figures["per_phenomenon"].values()) == len(labels)
    assert set(figures["per_language"]) == {"en"} and set(figures["per_split"]) == {"dev"}
    assert {"negation", "injection", "wrong_speaker"} & set(figures["per_phenomenon"])
    assert sum(figures["confusion"].values()) == len(labels)
    table = evaluate.score(note, labels, checker.store.reference).table()
    assert "negation" in table and "label -> verdict" in table


def test_an_order_that_was_set_aside_is_answered_and_a_claim_that_was_not_found_is_not(
    note, checker
) -> None:
    [order] = [
        x for x in evaluate.read_gold(GOLD, [ARTICLE])[ARTICLE] if x.phenomenon == "injection"
    ]
    [case] = evaluate.score(note, [order], checker.store.reference).cases
    assert case.found is None and case.verdict == "not_checkable"
    claimed = replace(order, verdict=Verdict.SUPPORTED)
    [case] = evaluate.score(note, [claimed], checker.store.reference).cases
    assert case.verdict == "missed"


# ---------------------------------------------------------------- stability


def test_the_rules_say_the_same_each_time(note, checker) -> None:
    figures = stability.compared([note, checker.check(ARTICLE), checker.check(ARTICLE)])
    assert figures["claims"] > 20
    assert figures["stable"] == figures["in_all_runs"] == figures["same_verdict"] == 1.0
    assert figures["changed"] == []


def test_a_verdict_that_changes_and_a_claim_that_is_lost_are_seen(note) -> None:
    first, second, *rest = note.assessments
    other = replace(note, assessments=(replace(first, verdict=None), *rest))
    figures = stability.compared([note, other])
    n = len(note.assessments)
    assert figures["stable"] == pytest.approx((n - 2) / n, abs=1e-4)
    assert figures["in_all_runs"] == pytest.approx((n - 1) / n, abs=1e-4)
    assert {tuple(c["verdicts"]) for c in figures["changed"]} == {
        (str(first.verdict), "failed"),
        (str(second.verdict), "missing"),
    }
    with pytest.raises(UsageError):
        stability.compared([note])


# ---------------------------------------------------------------- citations


@pytest.fixture
def stored(note, tmp_path):
    path = tmp_path / "note.json"
    path.write_text(json.dumps(note.to_json()), encoding="utf-8")
    return path


def counted(path, checker, judge=None):
    tally = citations.Tally()
    citations.tally(notefile.load(path), checker.store.reference, tally, judge)
    return tally.figures()


def spoiled(path, change):
    raw = json.loads(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(json.dumps(raw), encoding="utf-8")


def test_a_note_of_ours_holds(stored, checker) -> None:
    found = counted(stored, checker)
    assert found["citations"] > 10 and found["sentences"] > 10
    for key in ("verbatim", "resolvable", "decided_with_citation", "figures_agree"):
        assert found[key] == 1.0, key
    assert found["citation_recall"] is None and found["citation_precision"] is None
    assert "not measured" in citations.table(found)


def cited_claim(raw):
    return next(c for c in raw["claims"] if c["citations"] and c["rationale"])


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("verbatim", lambda c: c["citations"][0].update(quote="Another text.")),
        ("resolvable", lambda c: c["citations"][0].update(reference="F999")),
        ("decided_with_citation", lambda c: c.update(citations=[])),
        ("complete", lambda c: c["rationale"][0].update(citations=["k999"])),
        (
            "figures_agree",
            lambda c: c["rationale"][0].update(
                text="A report counts 987,654 dead.", citations=[c["citations"][0]["id"]]
            ),
        ),
    ],
)
def test_what_does_not_hold_is_seen(stored, checker, key, change) -> None:
    before = counted(stored, checker)[key]
    spoiled(stored, lambda raw: change(cited_claim(raw)))
    assert counted(stored, checker)[key] < before


def test_a_report_that_changed_is_not_resolvable(stored, checker) -> None:
    spoiled(stored, lambda raw: [r.update(sha256="0" * 64) for r in raw["references"]])
    assert counted(stored, checker)["resolvable"] == 0.0


class Judge(LocalAnalyst):
    """Calls support what holds the word "captured", and nothing else."""

    model = "a judge"

    def judge(self, tasks, done):
        return [
            Proposal(
                claim=t.claim.id,
                pointers=tuple(
                    Pointer(evidence=i, stance=Stance.SUPPORTS)
                    for i, e in enumerate(t.evidence)
                    if "captured" in e.passage.text
                ),
            )
            for t in tasks
        ]


def test_recall_and_precision_by_a_judge_model() -> None:
    text = "The army captured the town of Safira, south-east of Aleppo, on Friday."
    good, bad = "The army captured the town of Safira on Friday.", "It rained in Safira on Friday."
    tally = citations.Tally()
    citations._judged(text, [good, bad], tally, Judge())
    citations._judged(text, [bad], tally, Judge())
    figures = tally.figures()
    assert figures["citation_recall"] == 0.5
    assert figures["citation_precision"] == pytest.approx(1 / 3, abs=1e-4)
