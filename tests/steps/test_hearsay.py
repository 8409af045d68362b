"""A rumour that its report calls untrue, and what somebody denies, bears nothing out: neither for
the rules, nor where a model points at it, nor as a figure of a timeline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from factcheck import hearsay
from factcheck.analysts.local import LocalAnalyst
from factcheck.compare import Setting
from factcheck.evidence import read_claim
from factcheck.models import (
    Article,
    Claim,
    ClaimKind,
    Evidence,
    Passage,
    Pointer,
    Proposal,
    Reference,
    Stance,
)
from factcheck.reading import read
from factcheck.steps import judge
from factcheck.text.split import sentences
from factcheck.timeline import timelines
from tests.steps.test_steps import Scripted

RUMOUR = (
    "40 people had been killed in Tarbela when the dam burst on Sunday, a message on WhatsApp said."
)
CLEARED = "The message is a hoax: the dam holds, said the provincial disaster office."
CLAIM = "40 people were killed in Tarbela when the dam burst on Sunday."


def report(text: str) -> tuple[Evidence, ...]:
    reference = Reference(
        id="R1", publisher="Example Wire", kind="wire", title="Tarbela", text=text,
        published=date(2014, 5, 5), language="en", origins=("Example Wire",),
    )  # fmt: skip
    return tuple(
        Evidence(
            passage=Passage(id=f"p{n}", reference="R1", start=s.start, end=s.end,
                            text=text[s.start : s.end]),
            reference=reference, similarity=0.9 - n / 100, score=1.0,
        )
        for n, s in enumerate(sentences(text, "en"))
    )  # fmt: skip


def article(text: str) -> Article:
    return Article(text=text, sha256="0" * 64, published=date(2014, 5, 6), language="en")


def claim(text: str) -> Claim:
    return Claim(id="c1", start=0, end=len(text), said=text, statement=text,
                 kind=ClaimKind.EVENT, sentence=0)  # fmt: skip


def judged(text: str, *told: str) -> dict[int, tuple[Stance, str]]:
    found = report(" ".join(told))
    (proposal,) = judge.judge(article(text), [claim(text)], [found], LocalAnalyst())
    return {p.evidence: (p.stance, p.reason) for p in proposal.pointers}


def test_the_sentence_that_calls_it_untrue_contradicts() -> None:
    plain = (
        "40 people were killed in Tarbela when the dam burst on Sunday, the disaster office said."
    )
    assert judged(CLAIM, plain)[0][0] is Stance.SUPPORTS
    found = judged(CLAIM, RUMOUR, CLEARED)
    assert found == {1: (Stance.CONTRADICTS, "the report calls it untrue")}


def test_without_that_sentence_before_the_analyst_nothing_is_said() -> None:
    whole = f"{RUMOUR} {CLEARED}"
    (proposal,) = judge.judge(article(CLAIM), [claim(CLAIM)], [report(whole)[:1]], LocalAnalyst())
    assert proposal.pointers == ()


def test_what_only_a_rumour_tells_is_not_borne_out() -> None:
    told = "Rumours spread that 40 people had been killed in Tarbela when the dam burst on Sunday."
    assert judged(CLAIM, told) == {}


@pytest.mark.parametrize(
    "told",
    [
        "The army denied that its guns had shelled the market in Daraya on Sunday.",
        "Example Corp denied on Monday that the guns of the army had shelled the market in Daraya on Sunday.",
    ],
)
def test_a_denial_bears_nothing_out_but_that_it_was_made(told: str) -> None:
    bare = judged("The army's guns shelled the market in Daraya on Sunday.", told)
    assert Stance.SUPPORTS not in [stance for stance, _ in bare.values()]
    assert judged(told, told)[0][0] is Stance.SUPPORTS


def test_a_claim_about_the_rumour_may_rest_on_it() -> None:
    about = "A message on WhatsApp that 40 people had been killed in Tarbela is a hoax."
    reading = read_claim(claim(about), article(about), frozenset())
    assert hearsay.speaks_of_hearsay(reading)
    assert hearsay.speaks_of_hearsay(read("Messages said that the dam had burst.", "en"))
    assert not hearsay.speaks_of_hearsay(read(CLAIM, "en"))


def test_words_for_untrue_far_behind_are_of_another_matter() -> None:
    far = " ".join(f"The office opened shelter number {n} in the town." for n in range(20))
    near, distant = report(f"{RUMOUR} {CLEARED}"), report(f"{RUMOUR} {far} {CLEARED}")
    assert hearsay.told_as_untrue(near[0]) and not hearsay.told_as_untrue(distant[0])


def test_a_model_that_points_at_a_rumour_is_overruled() -> None:
    found = report(f"{RUMOUR} {CLEARED}")
    for n, stance in ((0, Stance.SUPPORTS), (0, Stance.QUALIFIES), (1, Stance.CONTRADICTS)):
        answer = Proposal(claim="c1", pointers=(Pointer(evidence=n, stance=stance),))
        made = judge.judge(article(CLAIM), [claim(CLAIM)], [found], Scripted(proposals=[answer]))
        assert len(made[0].pointers) == n  # what bears it out is dropped, the contradiction stands


def test_a_rumours_figure_is_no_point_of_a_timeline() -> None:
    own, made = read(CLAIM, "en"), article(CLAIM)

    def points(*told: str) -> int:
        lines = timelines(own, report(" ".join(told)), made, Setting())
        return sum(len(line.points) for line in lines)

    plain = "40 people were killed in Tarbela."
    assert points(plain) == 1
    assert points(RUMOUR, CLEARED) == 0
    assert points("The ministry denied that 40 people were killed in Tarbela.") == 0
    assert points("Rumours said that 40 people were killed in Tarbela.") == 0


def test_a_report_that_is_of_no_listed_language_is_left_alone() -> None:
    one = report(f"{RUMOUR} {CLEARED}")[0]
    other = replace(one, reference=replace(one.reference, language="sv"))
    assert hearsay.told_as_untrue(one) and not hearsay.told_as_untrue(other)
