"""A newsroom's own words for the verdicts, in what the desk's commands print and write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.desk.conftest import SPANISH, load, save
from tests.desk.test_recheck import HIGHER, news

HOUSE = """[newsroom]
name = "Example Desk"
[newsroom.labels]
supported = "Holds Up"
contradicted = "Does Not <Hold>"
disputed = "Contested Here"
partly_supported = "Holds In Part"
not_enough_evidence = "Open"
"""
OURS = ("Supported", "Contradicted", "Disputed", "Partly supported", "Not enough evidence")


@pytest.fixture(autouse=True)
def house(tmp_path: Path) -> None:
    config = tmp_path / "home" / "config" / "factcheck" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(HOUSE, encoding="utf-8")


def in_house(text: str, *labels: str) -> None:
    for label in labels:
        assert label in text, text
    for ours in OURS:
        assert ours not in text, text


def test_signing_and_its_history(cli, saved) -> None:
    ran = cli("sign", "note.json", "--editor", "Desk", "--decision", "1=disputed:two differ")
    assert ran.code == 0, ran
    in_house(ran.out, "c1 Contested Here")
    ran = cli("sign", "note.json", "--editor", "Desk", "--correct", "1=supported:they agree now")
    in_house(ran.out, "c1 Holds Up (correction; Contested Here until then)")
    in_house(cli("sign", "note.json", "--show").out, "Holds Up", "Contested Here")
    kept = [d.value for d in load(saved).decisions if d.value]
    assert kept == ["disputed", "supported"], "what is kept are the six names"


def test_a_recheck(own_cli, work, saved) -> None:
    own_cli("refs", "add", news(work, HIGHER))
    ran = own_cli("recheck", "note.json")
    assert "N901" in ran.out
    in_house(ran.out)
    assert "Does Not <Hold>" in ran.out or "Contested Here" in ran.out, ran
    change = json.loads(own_cli("recheck", "note.json", "--format", "json").out)["notes"][0][
        "changes"
    ][0]
    assert change["now"] in ("contradicted", "disputed", "supported", "partly_supported")


def test_an_earlier_claim(cli, work, typhoon) -> None:
    (work / "notes").mkdir()
    save(work / "notes" / "typhoon.json", typhoon)
    said = typhoon.assessments[0].claim.said
    cli("sign", "notes/typhoon.json", "--editor", "Desk", "--decision", "1=disputed:two differ")
    ran = cli("similar", said, "--in", "notes")
    in_house(ran.out, "Contested Here (editor; machine: ")


def test_the_index_of_a_batch(cli, work) -> None:
    (work / "es.md").write_text(SPANISH, encoding="utf-8")
    ran = cli("batch", "es.md", "-o", "out")
    assert ran.code == 0, ran
    row = json.loads((work / "out" / "index.json").read_text(encoding="utf-8"))["articles"][0]
    named = {"supported": "Holds Up", "contradicted": "Does Not <Hold>", "disputed": "Contested Here",
             "partly_supported": "Holds In Part", "not_enough_evidence": "Open"}  # fmt: skip
    assert set(row["verdicts"]) <= set(named), "the index keeps the six names"
    in_house(ran.out, *(f"{count} {named[v]}" for v, count in row["verdicts"].items()))
    page = (work / "out" / "index.html").read_text(encoding="utf-8")
    in_house(page, "Does Not &lt;Hold&gt;", "Holds Up")
    assert "<Hold>" not in page
