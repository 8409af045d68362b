"""Articles of up to 2,000 sentences: what extraction and verification take for each sentence.

    python -m bench linear

The sentences are those of `bench.scale`'s generator, each other than the rest; no length has met
another's before. By the processor's time, so that other work on the machine does not count.
"""

from __future__ import annotations

import hashlib
import random
import time
from datetime import date

from bench import scale
from bench.ground import Ground
from bench.tables import show
from factcheck.models import Article, Proposal
from factcheck.pipeline import Checker
from factcheck.sources import Register
from factcheck.steps import extract, verify

LENGTHS = (125, 250, 500, 1000, 2000)
_PARAGRAPH, _EVIDENCE = 4, 25


def article(sentences: int, seed: int) -> Article:
    """An article of so many sentences, in paragraphs."""
    dice = random.Random(seed)  # noqa: S311
    day = date(2013, 11, 9)
    lines = [scale.sentence(dice, day, dice.sample(scale.PLACES, 3)) for _ in range(sentences)]
    text = "\n\n".join(" ".join(lines[i : i + _PARAGRAPH]) for i in range(0, sentences, _PARAGRAPH))
    return Article(
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        language="en",
        title="A long article",
        published=day,
    )


def run(ground: Ground) -> None:
    register = Register.load()
    rows = []
    with Checker(ground.settings()) as checker:
        extract.extract(article(60, 0), checker.analyst)  # tables are loaded once
        for length in LENGTHS:
            long = article(length, length)
            started = time.process_time()
            claims, ledger = extract.extract(long, checker.analyst)
            extracted = time.process_time()
            found = checker.find(claims[:_EVIDENCE], long)
            begun = time.process_time()
            for number, claim in enumerate(claims):
                near = found[number % len(found)]
                verify.verify(claim, near.evidence, near.timeline, Proposal(claim=claim.id), long,
                              register)  # fmt: skip
            verified = time.process_time()
            rows.append(
                [f"{length:,} sentences", len(claims), extracted - started, verified - begun,
                 1000 * (extracted - started) / len(ledger),
                 1000 * (verified - begun) / len(claims)]
            )  # fmt: skip
    show("Articles of many sentences, by the processor's time",
         ["article", "claims", "extraction, s", "verification, s", "ms a sentence", "ms a claim"],
         rows,
         f"Each claim is verified beside what was found for one of the first {_EVIDENCE}.")  # fmt: skip
