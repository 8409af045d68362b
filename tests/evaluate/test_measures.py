"""The measures themselves, on cases worked out by hand."""

from __future__ import annotations

import pytest

from factcheck.evaluate import measures
from factcheck.evaluate.baselines import baselines

GOLD = ["supported", "supported", "contradicted", "contradicted", "nei", "mixed"]
SAID = ["supported", "nei", "supported", "contradicted", "nei", "nei"]


def test_shares_of_what_is_right_and_what_is_falsely_supported() -> None:
    assert measures.accuracy(GOLD, SAID) == 0.5
    assert measures.false_support(GOLD, SAID) == 0.25  # one of four
    assert measures.false_support(["supported"], ["supported"]) == 0.0


def test_each_label_has_its_precision_and_recall() -> None:
    table = measures.per_label(GOLD, SAID)
    assert table["supported"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "n": 2}
    assert table["contradicted"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667, "n": 2}
    assert table["nei"] == {"precision": 0.3333, "recall": 1.0, "f1": 0.5, "n": 1}
    assert table["mixed"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "n": 1}
    assert measures.macro_f1(GOLD, SAID) == pytest.approx((0.5 + 0.6667 + 0.5) / 4, abs=1e-4)


def test_a_label_that_only_we_say_is_no_class_of_its_own() -> None:
    assert measures.macro_f1(["a", "a"], ["a", "b"]) == pytest.approx(2 / 3, abs=1e-4)


def test_confusion_counts_every_pair() -> None:
    counts = measures.confusion(GOLD, SAID)
    assert sum(counts.values()) == len(GOLD)
    assert counts["contradicted -> supported"] == 1


def test_kappa_of_a_textbook_case() -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: agreement .70, by chance .50.
    first = ["y"] * 25 + ["n"] * 25
    second = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    assert measures.kappa(first, second) == pytest.approx(0.4)
    assert measures.kappa(["a", "b"], ["a", "b"]) == 1.0
    assert measures.kappa(["a", "a"], ["a", "a"]) == 1.0
    assert measures.kappa(["a", "b"], ["b", "a"]) == -1.0


def test_the_curve_gives_up_coverage_for_accuracy() -> None:
    curve = measures.abstention(
        ["supported", "nei", "contradicted", "nei"],
        ["supported", "supported", "contradicted", "nei"],
        [0.9, 0.3, None, 0.8],
        "nei",
    )
    by = {p["threshold"]: p for p in curve}
    assert by[0.0]["coverage"] == 0.75 and by[0.0]["accuracy"] == pytest.approx(0.6667)
    assert by[0.35]["coverage"] == 0.5 and by[0.35]["risk"] == 0.0
    assert by[0.0]["false_support_rate"] == pytest.approx(
        1 / 3, abs=1e-4
    )  # of three, one is said to be
    assert by[0.35]["false_support_rate"] == 0.0
    assert by[1.0]["coverage"] == 0.25  # without a confidence an answer counts as sure
    shares = [p["coverage"] for p in curve]
    assert shares == sorted(shares, reverse=True)


def test_chrf_of_known_texts() -> None:
    assert measures.chrf("the same words", "the same words") == pytest.approx(1.0)
    assert measures.chrf("", "words") == 0.0
    assert measures.chrf("abc", "xyz") == 0.0
    # Orders 1 and 2 by hand: "abcd" against "abxd". Unigrams 3 of 4, bigrams 1 of 3.
    assert measures.chrf("abcd", "abxd", order=2) == pytest.approx((3 / 4 + 1 / 3) / 2)


def test_chrf_counts_recall_twice_as_much() -> None:
    longer = measures.chrf("abcdef", "abc", order=1)  # precision .5, recall 1
    shorter = measures.chrf("abc", "abcdef", order=1)  # precision 1, recall .5
    assert longer == pytest.approx(5 * 0.5 / (4 * 0.5 + 1))
    assert longer > shorter


def test_bm25_prefers_rare_words() -> None:
    ranking = measures.Bm25([["the", "army"], ["the", "polio"], ["the", "army"]])
    assert ranking.weight("polio") > ranking.weight("army") > ranking.weight("the")
    assert ranking.score(["polio"], ["the", "polio"]) > ranking.score(["polio"], ["the", "army"])
    assert ranking.score([], ["the"]) == 0.0


def test_baselines_choose_on_one_half_and_are_measured_on_the_other() -> None:
    n = 40
    gold = ["supported" if i % 2 else "contradicted" for i in range(n)]
    claims = [f"the army lost {100 + i} men" for i in range(n)]
    evidence = [
        [f"the army lost {100 + i} men" if i % 2 else f"the army lost {900 + i} men"]
        for i in range(n)
    ]
    similarity = [0.9 if g == "supported" else 0.8 for g in gold]
    found = baselines(gold, gold, claims, evidence, similarity, seed=3)
    assert {v["n"] for v in found.values()} == {n // 2}
    assert found["ours"]["accuracy"] == 1.0
    assert found["e5"]["accuracy"] == 1.0
    assert 0.8 < found["e5"]["threshold"] <= 0.9
    assert found["bm25_figures"]["accuracy"] == 1.0
    assert found["majority"]["accuracy"] <= 0.6
    assert baselines(gold, gold, claims, evidence, similarity, seed=3) == found


def test_baselines_bear_claims_without_evidence() -> None:
    found = baselines(["nei", "nei"], ["nei", "nei"], ["a b", "c d"], [[], []], [0.0, 0.0], seed=0)
    assert found["bm25_figures"]["accuracy"] == 1.0
