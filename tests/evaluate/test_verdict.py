"""Claims with their evidence given."""

from __future__ import annotations

from typing import Any

import pytest

from factcheck.analysts.local import LocalAnalyst
from factcheck.errors import InputError
from factcheck.evaluate import rows, verdict
from factcheck.models import Pointer, Proposal, Stance

SAME = "SOHR said 517 people were killed by barrel bombs in Aleppo in December 2013."
ROWS = [
    {"id": "a", "lang": "en", "claim": SAME, "evidence": [{"text": SAME}], "label": "supported"},
    {"id": "b", "lang": "en", "claim": SAME.replace("517", "715"), "evidence": [{"text": SAME}],
     "label": "contradicted"},
    {"id": "c", "lang": "en", "claim": "The price of bread in Paris doubled.",
     "evidence": [{"text": SAME}], "label": "nei"},
    {"id": "d", "lang": "id", "claim": "Sedikitnya 517 orang tewas di Aleppo.", "evidence": [],
     "label": "nei"},
]  # fmt: skip


def measured(jsonl: Any, embedder: Any, *given: dict[str, Any]) -> Any:
    return verdict.measure(rows.read(jsonl(*given)), LocalAnalyst(), embedder)


def test_the_keys_that_others_read(jsonl, embedder) -> None:
    figures, _ = measured(jsonl, embedder, *ROWS)
    assert {
        "accuracy", "macro_f1", "false_support_rate", "per_label", "per_language",
        "abstention_curve", "baselines",
    } <= set(figures)  # fmt: skip
    assert set(figures["per_language"]) == {"en", "id"}
    assert {"ours", "majority", "e5", "bm25_figures"} == set(figures["baselines"])
    assert set(figures["per_label"]["supported"]) == {"precision", "recall", "f1", "n"}


def test_the_rules_decide_from_the_evidence_given(jsonl, embedder) -> None:
    figures, decided = measured(jsonl, embedder, *ROWS)
    assert [d.said for d in decided] == ["supported", "contradicted", "nei", "nei"]
    assert figures["accuracy"] == 1.0 and figures["false_support_rate"] == 0.0
    assert decided[0].confidence is not None and 0.0 <= decided[0].confidence <= 1.0
    assert decided[3].confidence is None


def test_each_text_is_embedded_once_and_long_evidence_only_in_part(jsonl, embedder) -> None:
    long = " ".join(f"Sentence {i} speaks of the harvest of that year." for i in range(200))
    wanted = "The harvest of the year was poor in the north."
    measured(
        jsonl, embedder,
        {**ROWS[0], "claim": wanted, "evidence": [{"text": f"{long} {wanted}"}]},
        *[{**ROWS[0], "id": f"x{i}"} for i in range(5)],
    )  # fmt: skip
    assert len(embedder.given) <= 2 + 40 + 1
    assert wanted in embedder.given  # what shares most words with the claim is among them


def test_dates_of_claim_and_evidence_count(jsonl, embedder) -> None:
    later = {**ROWS[0], "published": "2013-12-01",
             "evidence": [{"text": SAME, "date": "2013-12-29"}]}  # fmt: skip
    _, [decided] = measured(jsonl, embedder, later)
    assert (decided.said, decided.rule) == ("nei", "hindsight")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"label": "true"}, "label"),
        ({"claim": "?!"}, "claim"),
        ({"claim": 7}, "claim"),
        ({"evidence": "text"}, "evidence"),
        ({"evidence": [{"source": "x"}]}, "evidence"),
        ({"evidence": [{"text": SAME, "date": "soon"}]}, "date"),
    ],
)
def test_a_row_of_another_form_is_refused_with_its_line(jsonl, embedder, change, says) -> None:
    with pytest.raises(InputError, match="line 2") as error:
        measured(jsonl, embedder, ROWS[0], {**ROWS[0], **change})
    assert says in str(error.value)


class Silent(LocalAnalyst):
    """Judges nothing: every proposal is an error."""

    def judge(self, tasks: Any, done: Any) -> list[Proposal]:
        return [Proposal(claim=t.claim.id, error="no answer") for t in tasks]


class YesSayer(LocalAnalyst):
    """Calls the first sentence support, and has no confidence to give."""

    def judge(self, tasks: Any, done: Any) -> list[Proposal]:
        return [
            Proposal(claim=t.claim.id, pointers=(Pointer(evidence=0, stance=Stance.SUPPORTS),))
            if t.evidence
            else Proposal(claim=t.claim.id)
            for t in tasks
        ]


def test_what_could_not_be_judged_is_counted_and_is_no_support(jsonl, embedder) -> None:
    figures, decided = verdict.measure(rows.read(jsonl(*ROWS)), Silent(), embedder)
    assert figures["failed"] == len(ROWS)
    assert {d.said for d in decided} == {"nei"}


def test_false_support_is_seen(jsonl, embedder) -> None:
    figures, _ = verdict.measure(rows.read(jsonl(*ROWS)), YesSayer(), embedder)
    assert figures["false_support_rate"] > 0.0
    assert figures["abstention_curve"][-1]["coverage"] > 0.0


def test_the_table_holds_the_figures(jsonl, embedder) -> None:
    figures, _ = measured(jsonl, embedder, *ROWS)
    table = verdict.table(figures)
    for word in ("accuracy", "supported", "majority", "bm25_figures", "en", "100.0%"):
        assert word in table
