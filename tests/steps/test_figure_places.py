"""Which place a figure belongs to when a sentence lists several."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck import compare, reading

DAY = date(2014, 1, 30)


@pytest.mark.parametrize(
    ("text", "value", "before", "behind"),
    [
        ("Some 13,000 fled to Uganda and 1,650 to Kenya.", 13000, set(), {"UG"}),
        ("Some 13,000 fled to Uganda and 1,650 to Kenya.", 1650, set(), {"KE"}),
        ("Lebanon hosts 800,000, Turkey 460,000, Jordan 550,000.", 460000, {"TR"}, {"JO"}),
    ],
)
def test_places_before_and_behind(
    text: str, value: float, before: set[str], behind: set[str]
) -> None:
    read = reading.read(text, "en", DAY, frozenset({"SS", "SY"}), None)
    figure = next(f for f in read.figures if f.value == value)
    assert {p.country for p in compare.places_before(read, figure)} == before
    assert {p.country for p in compare.local_places(read, figure)} == behind
