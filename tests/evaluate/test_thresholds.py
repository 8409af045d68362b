"""Thresholds that were set by hand: moved one at a time, and chosen by a rule."""

from __future__ import annotations

import pytest

from bench import thresholds
from factcheck.analysts.local import difference, stance


def test_each_threshold_is_one_of_the_code_and_is_tried_on_both_sides() -> None:
    keys = [t.key for t in thresholds.THRESHOLDS]
    assert len(keys) == len(set(keys)) > 30
    for threshold in thresholds.THRESHOLDS:
        values = threshold.values()
        assert values == sorted(values) and values[2] == pytest.approx(threshold.value)


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
