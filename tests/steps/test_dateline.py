"""The day an article is of, where only its text tells."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck.steps.acquire import article


@pytest.mark.parametrize(
    "text",
    [
        "GENEVA, 13 November 2013 – The council met. Elections are due on 3 June 2014.",
        "JENEWA, 13 November 2013 (Contoh) — Dewan bertemu. Pemilu digelar 3 Juni 2014.",
        "The council met on 12 November 2013 and again on 13 November 2013 in Geneva.",
    ],
)
def test_the_dateline_wins_over_a_later_day(text: str) -> None:
    found = article(text)
    assert found.published == date(2013, 11, 13)
    assert found.published_inferred
