"""The newsroom that signs: its name and address, its words for the verdicts, its rating scale.

[newsroom]                              # in the configuration file; all but the name may be left out
name = "Harian Contoh"
url  = "https://example.org"
logo = "https://example.org/logo.png"
note_url = "https://example.org/checks/{article}"    # where a note is published

[newsroom.labels]                       # house labels, in every output
supported = "Benar"

[newsroom.ratings]                      # ClaimReview: numbers, higher is truer
supported = 5
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from factcheck.models import Verdict
from factcheck.text.scrub import one_line, safe_url

# What is not on the scale ("not enough evidence", "not checkable") has a label and no number.
RATINGS = {
    Verdict.SUPPORTED: 5.0,
    Verdict.PARTLY: 4.0,
    Verdict.DISPUTED: 3.0,
    Verdict.CONTRADICTED: 1.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """Who publishes. `labels` are the newsroom's words for verdicts, `ratings` its numbers; the
    ends of the scale are the least and the greatest of them."""

    name: str = ""
    url: str | None = None
    logo: str | None = None
    note_url: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    ratings: Mapping[str, float] = field(
        default_factory=lambda: {str(v): n for v, n in RATINGS.items()}
    )


def _address(value: str | None) -> str | None:
    if value is not None and safe_url(value.replace("{article}", "")) is None:
        raise ValueError("no http or https address")
    return value


def _words(value: str) -> str:
    if not one_line(value):
        raise ValueError("empty")
    return one_line(value)


Address = Annotated[str | None, AfterValidator(_address)]
Words = Annotated[str, AfterValidator(_words)]


class NewsroomValues(BaseModel):
    """The shape of [newsroom] in the configuration file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words
    url: Address = None
    logo: Address = None
    note_url: Address = None
    labels: dict[Verdict, Words] = Field(default_factory=dict)
    ratings: dict[Verdict, Annotated[float, Field(ge=-1000, le=1000)]] = Field(
        default_factory=lambda: dict(RATINGS), min_length=2
    )

    def newsroom(self) -> Newsroom:
        return Newsroom(
            name=self.name,
            url=self.url,
            logo=self.logo,
            note_url=self.note_url,
            labels={str(v): word for v, word in self.labels.items()},
            ratings={str(v): number for v, number in self.ratings.items()},
        )
