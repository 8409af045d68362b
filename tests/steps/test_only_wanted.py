"""What is only wanted bears out no claim that it was done; what was refused stands against it."""

from __future__ import annotations

import pytest

from factcheck.models import Stance
from tests.steps.test_stance import stance_of

URGED = "The United Nations urged the Syrian government to lift the siege of Homs."


@pytest.mark.parametrize(
    ("claim", "told", "stance"),
    [
        ("The Syrian government lifted the siege of Homs.", URGED, Stance.CONTEXT),
        (
            "The United Nations urged the Syrian government to lift the siege of Homs.",
            URGED,
            Stance.SUPPORTS,
        ),
        (
            "The Syrian government will lift the siege of Homs.",
            "The Syrian government plans to lift the siege of Homs.",
            Stance.SUPPORTS,
        ),
        (
            "Hezbollah captured the town of Safira.",
            "Hezbollah captured the town of Safira and vowed to march on Aleppo.",
            Stance.SUPPORTS,
        ),
        (
            "Hezbollah captured the town of Safira.",
            "Hezbollah is trying to capture the town of Safira.",
            Stance.CONTEXT,
        ),
        (
            "Hezbollah released the prisoners in Safira.",
            "Hezbollah refused to release the prisoners in Safira.",
            Stance.CONTRADICTS,
        ),
        (
            "Hezbollah refused to release the prisoners in Safira.",
            "Hezbollah refused to release the prisoners in Safira.",
            Stance.SUPPORTS,
        ),
    ],
)
def test_a_wish_beside_a_claim(claim: str, told: str, stance: Stance) -> None:
    assert stance_of(claim, told, "en", margin=0.05) is stance
