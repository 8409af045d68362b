"""The laws, as assertions over a note's JSON: they hold whatever a model answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from factcheck import notefile
from factcheck.models import Article, Reference
from factcheck.text.split import sentences

VERDICTS = {
    "supported", "partly_supported", "disputed", "contradicted", "not_enough_evidence",
    "not_checkable",
}  # fmt: skip


def hold(note: dict[str, Any], lookup: Callable[[str], Reference | None]) -> None:
    """Assert every law that can be seen in a note. `lookup` gives a stored report by its id."""
    text = note["article"]["text"]
    made = Article(text=text, sha256="0" * 64, language=note["article"]["language"])

    # nothing vanishes: every sentence is in the ledger, once and in order
    spans = [(s.start, s.end) for s in sentences(text, made.language)]
    assert [(e["start"], e["end"]) for e in note["ledger"]] == spans
    in_ledger = [i for e in note["ledger"] for i in e["claims"]]
    assert sorted(in_ledger) == sorted(c["id"] for c in note["claims"])
    assert len(set(in_ledger)) == len(in_ledger)

    for claim in note["claims"]:
        # code quotes: the claim's words stand in the article, letter for letter
        assert text[claim["start"] : claim["end"]] == claim["said"]
        # failure is never a verdict, and a verdict is never without its citation
        assert (claim["verdict"] is None) == (claim["error"] is not None)
        if claim["verdict"] is None:
            assert claim["citations"] == []
            continue
        assert claim["verdict"] in VERDICTS
        if claim["verdict"] in ("supported", "contradicted", "disputed", "partly_supported"):
            assert claim["citations"]
        # what a model wrote is cited or struck
        known = {c["id"] for c in claim["citations"]}
        for sentence in claim["rationale"]:
            assert sentence["status"] in ("cited", "uncited", "struck")
            assert set(sentence["citations"]) <= known
            if known and note["provenance"]["analyst"] != "local":
                assert sentence["citations"] or sentence["status"] != "cited"
        for who in claim["attribution"]:
            assert who["role"] in ("speaker", "outlet", "told")

    failed = any(e["kind"] == "failed" for e in note["ledger"])
    failed = failed or any(c["verdict"] is None for c in note["claims"])
    assert note["complete"] == (not failed)

    # every quotation is in its report: the note can be checked again
    shape = notefile.NoteShape.model_validate_json(json.dumps(note))
    assert notefile.recheck(shape, lookup) == []
