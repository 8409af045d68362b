"""What the rules read of a claim in its article, packed: it is read once, when its note is filed.

A claim is held against news as its statement, its own words and the sentence around it, in the
setting of what the article speaks of there. `remember` makes all that known again, so that whoever
reads the claim afterwards finds it read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from factcheck import evidence, reading
from factcheck.compare import Setting
from factcheck.models import Article, Claim
from factcheck.reading import Reading
from factcheck.text.names import Place

_PARTS = ("sources", "dates", "names", "mentions", "figures")


@dataclass(frozen=True, slots=True)
class ClaimRead:
    """A claim as it was read: `own` its statement, `said` its own words, `around` the sentence that
    it is a part of, `lands` what the article speaks of there."""

    own: Reading
    said: Reading
    around: Reading
    lands: Setting


def read(claim: Claim, article: Article, near: frozenset[str]) -> ClaimRead:
    """Read a claim; `near` are the countries that its article speaks of."""
    return ClaimRead(
        own=evidence.read_claim(claim, article, near),
        said=evidence.read_words(claim, article, near),
        around=evidence.read_around(claim, article, near),
        lands=evidence.setting(claim, article, near),
    )


def packed(claim: ClaimRead) -> str:
    """What was read, as JSON for `remember`; a reading that stands for two things comes once."""
    told = (claim.own, claim.said, claim.around)
    distinct = list(dict.fromkeys(told))
    lands = claim.lands
    data = {
        "readings": [reading.filed(r, _PARTS) for r in distinct],
        "own, said, around": [distinct.index(r) for r in told],
        "lands": [sorted(lands.countries), sorted(lands.cities), sorted(lands.names),
                  sorted(lands.sources)],
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def remember(text: str) -> ClaimRead:
    """The claim as `packed` has it; its words will not be read again."""
    data: dict[str, Any] = json.loads(text)
    readings = [reading.remembered(row) for row in data["readings"]]
    own, said, around = (readings[i] for i in data["own, said, around"])
    countries, cities, names, sources = data["lands"]
    lands = Setting(
        countries=frozenset(countries),
        cities=frozenset(Place(*c) for c in cities),
        names=frozenset(names),
        sources=frozenset(sources),
    )
    return ClaimRead(own, said, around, lands)
