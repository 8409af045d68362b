"""The curves of thresholds that were set by hand: made of what is in the code, and chosen by the rule."""

from __future__ import annotations

import json

import pytest

from bench import figures, thresholds
from factcheck.analysts.local import difference, stance

SAVED = json.loads((figures.FOLDER / "thresholds.json").read_text(encoding="utf-8"))
CURVES = {c["name"]: c for c in SAVED["thresholds"]}


def test_every_threshold_has_its_curve() -> None:
    assert [t.key for t in thresholds.THRESHOLDS] == list(CURVES)


@pytest.mark.parametrize("threshold", thresholds.THRESHOLDS, ids=lambda t: t.key)
def test_the_line_in_use_is_the_measured_one(threshold: thresholds.Threshold) -> None:
    curve = CURVES[threshold.key]
    assert curve["in_use"] == threshold.value
    assert [p["value"] for p in curve["curve"]] == threshold.values()
    base = next(p["measured"] for p in curve["curve"] if p["value"] == threshold.value)
    assert thresholds.chosen(threshold, curve["curve"], base) == curve["best"]


def test_a_moved_threshold_moves_wherever_it_is_read_and_comes_back() -> None:
    moving = thresholds.Threshold("difference", "STANDS_OUT", 0.01)
    before = difference.STANDS_OUT
    with thresholds.moved(moving, 0.5):
        assert difference.STANDS_OUT == stance.STANDS_OUT == 0.5
    assert difference.STANDS_OUT == stance.STANDS_OUT == before


def point(value: float, f1: float, false: float) -> dict[str, object]:
    measured = {"articles": {"accuracy": 0.5, "macro_f1": f1, "false_support_rate": false}}
    return {"value": value, "worth": f1, "measured": measured}


def test_a_line_is_changed_for_what_is_more_than_chance_and_never_for_false_support() -> None:
    near = thresholds.Threshold("stance", "_NEAR", 0.005)
    base = point(near.value, 0.6, 0.05)
    for other, wanted in (
        (point(0.9, 0.604, 0.05), near.value),
        (point(0.9, 0.62, 0.05), 0.9),
        (point(0.9, 0.62, 0.11), near.value),
    ):
        assert thresholds.chosen(near, [base, other], base["measured"]) == wanted  # type: ignore[arg-type]
