"""What is taken for a claim: the four shapes of data."""

from __future__ import annotations

import pytest

from factcheck.analysts.local import LocalAnalyst
from factcheck.errors import InputError
from factcheck.evaluate import extraction, rows

FACT = "The army captured the town of Safira on Friday, 1 November 2013."
FEELING = "It is an utter disgrace."
QUESTION = "And what now?"


def measured(path):
    return extraction.measure(rows.read(path), LocalAnalyst())


def test_sentences_worth_checking(jsonl) -> None:
    path = jsonl(
        {"lang": "en", "text": FACT, "check_worthy": True},
        {"lang": "en", "text": QUESTION, "check_worthy": False},
        {"lang": "en", "text": FACT, "check_worthy": False},
        {"lang": "en", "text": "!!! 🎉", "check_worthy": False},
    )
    found = measured(path)
    assert found["shape"] == "checkworthy"
    assert (found["precision"], found["recall"], found["f1"]) == (0.5, 1.0, 0.6667)
    assert found["f1_of_always_yes"] == 0.4
    assert found["confusion"] == {"no -> no": 2, "no -> yes": 1, "yes -> yes": 1}


def test_fact_against_opinion(jsonl) -> None:
    path = jsonl(
        {"lang": "en", "text": FACT, "factual": True},
        {"lang": "en", "text": FEELING, "factual": False},
    )
    found = measured(path)
    assert (found["shape"], found["accuracy"], found["macro_f1"]) == ("subjectivity", 1.0, 1.0)


def test_statements_against_a_fact_checkers(jsonl) -> None:
    path = jsonl(
        {"lang": "en", "text": f"{QUESTION} {FACT}", "claims": [FACT]},
        {"lang": "id/ms", "text": QUESTION, "claims": ["Nothing of the kind."]},
    )
    found = measured(path)
    assert found["shape"] == "normalisation"
    assert found["without_claim"] == 1
    assert 0.4 < found["chrf"] <= 0.5
    assert found["chrf_best"] >= found["chrf"]
    assert found["chrf_whole"] > found["chrf_first_sentence"]


def test_documents_with_their_claims(jsonl) -> None:
    path = jsonl(
        {
            "lang": "en",
            "text": f"{FACT} {QUESTION}",
            "sentences": [
                {"text": FACT, "check_worthy": "yes", "claim_kinds": ["factual", "factual"],
                 "claims": [FACT, "Twelve ships left the harbour of Odessa."]},
                {"text": QUESTION, "check_worthy": "no", "claims": [], "claim_kinds": []},
            ],
        }
    )  # fmt: skip
    found = measured(path)
    assert found["shape"] == "documents"
    assert found["coverage"] == 0.5 and found["gold_claims"] == 2
    assert found["precision"] == 1.0
    assert found["f1"] == 1.0 and found["sentences"] == 2


def test_other_data_is_refused(jsonl) -> None:
    with pytest.raises(InputError, match="no shape"):
        measured(jsonl({"text": FACT}))
    with pytest.raises(InputError, match="line 2"):
        measured(jsonl({"text": FACT, "factual": True}, {"text": FACT, "factual": "yes"}))
    with pytest.raises(InputError, match="line 1"):
        measured(jsonl({"text": FACT, "claims": []}))


def test_tables_say_the_shape(jsonl) -> None:
    found = measured(jsonl({"lang": "en", "text": FACT, "check_worthy": True}))
    assert extraction.table(found).startswith("shape: checkworthy")
