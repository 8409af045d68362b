"""Extraction and verification take as long for a sentence of a long article as for one of a short."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench.linear import article
from factcheck.analysts.local import LocalAnalyst
from factcheck.models import Article, Claim, Evidence, Passage, Proposal, Reference
from factcheck.sources import Register
from factcheck.steps import extract, verify

SHORT, LONG = 16, 64
TEXT = "At least 40 people were killed in Aleppo on 9 November, according to SOHR."
REPORT = Reference(id="R", publisher="SOHR", kind="monitor", title="T", text=TEXT, language="en")
FOUND = Evidence(
    passage=Passage(id="p", reference="R", start=0, end=len(TEXT), text=TEXT),
    reference=REPORT, similarity=0.9, score=0.9,
)  # fmt: skip


def calls(work: Callable[[], object]) -> int:
    """How many functions are called: what a clock cannot say on a busy machine."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_extraction_and_verification_are_linear_in_the_articles_length() -> None:
    analyst, register = LocalAnalyst(), Register.load()

    def checked(long: Article) -> tuple[float, float]:
        claims: list[Claim] = []
        read = calls(lambda: claims.extend(extract.extract(long, analyst)[0]))

        def verified() -> None:
            for claim in claims:
                verify.verify(claim, (FOUND,), (FOUND,), Proposal(claim=claim.id), long, register)

        return read / len(long.text), calls(verified) / len(claims)

    checked(article(8, 1))  # tables are loaded once
    short, long = checked(article(SHORT, 2)), checked(article(LONG, 3))
    assert all(most < 1.3 * least for least, most in zip(short, long, strict=True)), (short, long)
