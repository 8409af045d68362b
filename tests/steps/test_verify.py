"""The verdict table, row by row, with evidence made up for the purpose."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from factcheck.models import (
    Article,
    Attribution,
    Claim,
    ClaimKind,
    Evidence,
    Passage,
    Pointer,
    Proposal,
    Reference,
    Stance,
    Verdict,
)
from factcheck.sources import Register
from factcheck.steps.verify import verify

REGISTER = Register.load()
ARTICLE_DAY = date(2013, 11, 15)


def article(text: str, *, published: date | None = ARTICLE_DAY, inferred: bool = False) -> Article:
    return Article(
        text=text, sha256="0" * 64, published=published, published_inferred=inferred, language="en"
    )


def claim(text: str, *, kind: ClaimKind = ClaimKind.EVENT, speaker: str | None = None) -> Claim:
    chain = (Attribution(who=speaker, role="speaker", source=speaker),) if speaker else ()
    return Claim(
        id="c1", start=0, end=len(text), said=text, statement=text, kind=kind, sentence=0,
        attribution=chain,
    )  # fmt: skip


def evidence(
    id: str,
    text: str,
    published: date | None = date(2013, 11, 10),
    origins: tuple[str, ...] = ("Reuters",),
) -> Evidence:
    reference = Reference(
        id=id, publisher=f"Publisher {id}", kind="wire", title="Syria", text=text,
        published=published, language="en", origins=origins,
    )  # fmt: skip
    passage = Passage(id=f"p{id}", reference=id, start=0, end=len(text), text=text)
    return Evidence(passage=passage, reference=reference, similarity=0.9, score=1.0)


def decide(text, found, stances, *, reasons=(), timeline=(), of=None, made=None):
    the_claim = made or claim(text)
    pointers = tuple(
        Pointer(evidence=i, stance=s, reason=r)
        for i, (s, r) in enumerate(zip(stances, [*reasons, *[""] * 9], strict=False))
    )
    return verify(
        the_claim,
        found,
        timeline,
        Proposal(claim="c1", pointers=pointers),
        of or article(text),
        REGISTER,
    )


S, C, Q, X = Stance.SUPPORTS, Stance.CONTRADICTS, Stance.QUALIFIES, Stance.CONTEXT
TEXT = "The army captured the town of Safira."


@pytest.mark.parametrize(
    ("stances", "origins", "verdict", "rule"),
    [
        ([], [], Verdict.NOT_ENOUGH, "nothing"),
        ([X], ["SOHR"], Verdict.NOT_ENOUGH, "nothing"),
        ([S], ["SOHR"], Verdict.SUPPORTED, "supported"),
        ([S, S], ["SOHR", "Reuters"], Verdict.SUPPORTED, "supported"),
        ([C], ["SOHR"], Verdict.CONTRADICTED, "contradicted"),
        ([Q], ["SOHR"], Verdict.PARTLY, "partly"),
        ([S, Q], ["SOHR", "Reuters"], Verdict.PARTLY, "partly"),
        ([S, C], ["SOHR", "Reuters"], Verdict.DISPUTED, "disputed"),
        ([S, C], ["SOHR", "SOHR"], Verdict.PARTLY, "partly"),
    ],
)
def test_stances_decide(stances, origins, verdict, rule) -> None:
    found = [evidence(f"R{i}", TEXT, origins=(o,)) for i, o in enumerate(origins)]
    result = decide(TEXT, found, stances)
    assert (result.verdict, result.rule) == (verdict, rule)


def test_of_one_origin_the_newer_word_counts() -> None:
    found = [
        evidence("R0", TEXT, date(2013, 11, 1), ("SOHR",)),
        evidence("R1", "It did not.", date(2013, 11, 9), ("SOHR",)),
    ]
    assert decide(TEXT, found, [S, C]).verdict is Verdict.CONTRADICTED


def test_copies_of_one_origin_are_one_confirmation() -> None:
    found = [evidence(f"R{i}", TEXT, origins=("SOHR",)) for i in range(3)]
    result = decide(TEXT, found, [S, S, S])
    assert "single_origin" in result.flags and result.origins == ("SOHR",)
    two = decide(TEXT, [*found, evidence("R9", TEXT, origins=("Reuters",))], [S, S, S, S])
    assert "single_origin" not in two.flags


def test_members_of_one_family_are_one_origin() -> None:
    found = [evidence("R0", TEXT, origins=("OCHA",)), evidence("R1", TEXT, origins=("UNHCR",))]
    assert "single_origin" in decide(TEXT, found, [S, S]).flags


def test_a_party_alone_is_flagged() -> None:
    assert "party_source" in decide(TEXT, [evidence("R0", TEXT, origins=("SANA",))], [S]).flags
    assert "party_source" not in decide(TEXT, [evidence("R0", TEXT, origins=("SOHR",))], [S]).flags


def test_what_is_told_as_fact_and_only_parties_confirm_is_partly_supported() -> None:
    result = decide(TEXT, [evidence("R0", TEXT, origins=("SANA",))], [S])
    assert (result.verdict, result.rule) == (Verdict.PARTLY, "party")
    assert "party_source" in result.flags
    both = [evidence("R0", TEXT, origins=("SANA",)), evidence("R1", TEXT, origins=("OCHA",))]
    assert decide(TEXT, both, [S, S]).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    "text",
    [
        "The government rejected the preconditions for peace talks.",
        "The Syrian army announced a vaccination campaign for children.",
    ],
)
def test_what_a_party_decided_or_announced_is_confirmed_by_its_own_word(text: str) -> None:
    result = decide(text, [evidence("R0", text, origins=("SANA",))], [S])
    assert result.verdict is Verdict.SUPPORTED
    assert "party_source" in result.flags, "that nobody else says so is still told"


def test_a_plan_is_checked_where_it_was_announced_and_else_cannot_be() -> None:
    text = "Peace talks will open in Geneva on 22 January."
    plan = claim(text, kind=ClaimKind.PREDICTION)
    told = evidence("R0", text)
    assert decide(text, [told], [S], made=plan).verdict is Verdict.PARTLY
    assert decide(text, [told], [C], made=plan).verdict is Verdict.CONTRADICTED
    late = evidence("R0", text, date(2014, 1, 1))
    for found, stances in (([late], [S]), ([told], [X]), ([], [])):
        result = decide(text, found, stances, made=plan)
        assert result.verdict is Verdict.NOT_CHECKABLE
        assert result.citations == ()


def test_that_a_party_said_so_is_another_question_than_whether_it_is_so() -> None:
    made = claim(TEXT, speaker="SANA")
    result = decide(TEXT, [evidence("R0", TEXT, origins=("SANA",))], [S], made=made)
    assert (result.verdict, result.answers) == (Verdict.SUPPORTED, "said")
    assert "party_source" in result.flags


def test_two_holders_figures_in_one_report_are_a_dispute_unless_the_holder_is_named() -> None:
    text = "The attack killed 900 people."
    both = [evidence("R0", "The government counted 300 dead, against OCHA's 900.")]
    result = decide(text, both, [S])
    assert (result.verdict, result.rule) == (Verdict.DISPUTED, "disputed_figure")
    assert result.citations[0].stance is C
    named = claim(text, speaker="OCHA")
    assert decide(text, both, [S], made=named).verdict is Verdict.SUPPORTED


def test_later_reports_are_hindsight_not_support() -> None:
    result = decide(TEXT, [evidence("R0", TEXT, date(2014, 1, 1))], [S])
    assert result.verdict is Verdict.NOT_ENOUGH
    assert result.rule == "hindsight" and "hindsight" in result.flags
    assert result.citations[0].hindsight


def test_an_inferred_date_leaves_a_week() -> None:
    of = article(TEXT, inferred=True)
    assert (
        decide(TEXT, [evidence("R0", TEXT, date(2013, 11, 20))], [S], of=of).verdict
        is Verdict.SUPPORTED
    )
    assert (
        decide(TEXT, [evidence("R0", TEXT, date(2013, 11, 30))], [S], of=of).verdict
        is Verdict.NOT_ENOUGH
    )


def test_the_wrong_speaker_makes_it_partly_supported() -> None:
    made = claim(TEXT, speaker="WHO")
    said = evidence("R0", "OCHA said the army captured Safira.", origins=("OCHA",))
    result = decide(TEXT, [said], [S], made=made)
    assert result.verdict is Verdict.PARTLY and "attribution_mismatch" in result.flags


@pytest.mark.parametrize(("speaker", "origin"), [("UN", "OCHA"), ("SOHR", "SOHR")])
def test_the_right_speaker_or_one_of_its_bodies_does_not(speaker: str, origin: str) -> None:
    made = claim(TEXT, speaker=speaker)
    result = decide(TEXT, [evidence("R0", TEXT, origins=(origin,))], [S], made=made)
    assert result.verdict is Verdict.SUPPORTED and result.answers == "said"


def test_unnamed_activists_are_no_body_that_could_be_misnamed() -> None:
    made = claim(TEXT, speaker="Syrian activists")
    assert decide(TEXT, [evidence("R0", TEXT)], [S], made=made).verdict is Verdict.SUPPORTED


def test_a_failed_judgement_is_no_verdict() -> None:
    result = verify(
        claim(TEXT), [], [], Proposal(claim="c1", error="timeout"), article(TEXT), REGISTER
    )
    assert result.verdict is None and result.error == "timeout"


def test_opinions_are_not_checkable() -> None:
    result = verify(
        claim(TEXT, kind=ClaimKind.OPINION), [], [], Proposal(claim="c1", checkable=False),
        article(TEXT), REGISTER,
    )  # fmt: skip
    assert result.verdict is Verdict.NOT_CHECKABLE


# ---------------------------------------------------------------- figures and time

DISPLACED = "Some 4.25 million people are displaced inside Syria."


def figures(*points: tuple[str, str, date, str]) -> list[Evidence]:
    return [
        evidence(id, f"{figure} people are displaced inside Syria.", day, (origin,))
        for id, figure, day, origin in points
    ]


def test_a_figure_that_was_right_once_is_outdated_and_both_are_cited() -> None:
    line = figures(
        ("R1", "4.25 million", date(2013, 4, 18), "OCHA"),
        ("R2", "4.25 million", date(2013, 9, 3), "UNHCR"),
        ("R3", "6.5 million", date(2013, 11, 5), "OCHA"),
        ("R4", "7 million", date(2014, 2, 1), "OCHA"),
    )
    result = decide(DISPLACED, [], [], timeline=line)
    assert result.verdict is Verdict.CONTRADICTED and result.rule == "outdated"
    assert "outdated_figure" in result.flags
    newest = [f for f in result.figures if f.newest]
    assert [f.evidence for f in newest] == ["6.5 million"]
    assert [f.evidence for f in result.figures if f.agree] == ["4.25 million", "4.25 million"]
    assert [f.published for f in result.figures] == sorted(f.published for f in result.figures)
    assert [f.hindsight for f in result.figures] == [False, False, False, True]
    assert {f.citation for f in result.figures} <= {c.id for c in result.citations}


def test_the_current_figure_supports() -> None:
    line = figures(
        ("R1", "3 million", date(2013, 4, 18), "OCHA"),
        ("R2", "4.25 million", date(2013, 11, 3), "OCHA"),
    )
    result = decide(DISPLACED, line[:1], [C], reasons=["another figure: 3 million"], timeline=line)
    assert result.verdict is Verdict.SUPPORTED


def test_current_figures_of_two_origins_that_differ_are_a_dispute() -> None:
    line = figures(
        ("R1", "4.25 million", date(2013, 11, 4), "SOHR"),
        ("R2", "6.5 million", date(2013, 11, 5), "OCHA"),
    )
    result = decide(DISPLACED, [], [], timeline=line)
    assert (result.verdict, result.rule) == (Verdict.DISPUTED, "disputed_figure")


def test_a_body_is_held_against_its_own_series() -> None:
    text = "The UN says 100,000 people were killed in Syria."
    line = [
        evidence(
            "R1", "More than 100,000 people were killed in Syria.", date(2013, 7, 25), ("UN",)
        ),
        evidence(
            "R2", "In all 180,000 people were killed in Syria.", date(2013, 10, 31), ("SOHR",)
        ),
    ]
    made = claim(text, kind=ClaimKind.QUANTITY, speaker="UN")
    result = decide(text, [], [], timeline=line, made=made)
    assert result.verdict is Verdict.SUPPORTED
    assert {f.origins for f in result.figures} == {("UN",)}


def test_a_figure_of_another_country_is_not_compared() -> None:
    line = [evidence("R1", "Some 9 million people are displaced inside South Sudan.")]
    result = decide(DISPLACED, [], [], timeline=line)
    assert result.figures == () and result.verdict is Verdict.NOT_ENOUGH


def test_a_figure_of_something_else_is_not_compared() -> None:
    line = [evidence("R1", "Some 9.3 million people need aid in Syria.")]
    assert decide(DISPLACED, [], [], timeline=line).figures == ()


def test_a_claim_about_a_day_is_held_against_that_day() -> None:
    text = "On 3 September 2013 some 4.25 million people were displaced inside Syria."
    line = figures(
        ("R2", "4.25 million", date(2013, 9, 3), "UNHCR"),
        ("R3", "6.5 million", date(2013, 11, 5), "OCHA"),
    )
    assert decide(text, [], [], timeline=line).verdict is Verdict.SUPPORTED


# ---------------------------------------------------------------- citations


def test_quotes_are_cut_from_the_stored_report() -> None:
    report = "First sentence. The army captured Safira. Last one."
    item = evidence("R0", report)
    cut = Passage(id="p", reference="R0", start=16, end=41, text=report[16:41])
    found = Evidence(passage=cut, reference=item.reference, similarity=0.9, score=1.0)
    citation = decide(TEXT, [found], [S]).citations[0]
    assert citation.quote == "The army captured Safira." == report[citation.start : citation.end]


def test_a_weekday_that_the_calendar_contradicts_is_flagged() -> None:
    text = "On Tuesday 11 November 2013 the army captured Safira."
    assert "date_mismatch" in decide(text, [], []).flags


def test_within_the_series_of_one_body_only_its_newest_figure_is_current() -> None:
    text = "In Syria 673,000 people are displaced."
    older = evidence(
        "R0", "OCHA counted 673,000 displaced in Syria.", date(2013, 11, 12), ("OCHA",)
    )
    newer = evidence(
        "R1", "OCHA counted 900,000 displaced in Syria.", date(2013, 11, 13), ("OCHA",)
    )
    made = claim(text, kind=ClaimKind.QUANTITY, speaker="OCHA")
    result = decide(text, [older, newer], [S, X], made=made)
    assert (result.verdict, result.rule) == (Verdict.CONTRADICTED, "outdated")
    # of two bodies the same two days are equally new
    other = evidence(
        "R1", "SOHR counted 900,000 displaced in Syria.", date(2013, 11, 13), ("SOHR",)
    )
    assert decide(text, [older, other], [S, X]).rule == "disputed_figure"


def test_a_report_of_the_claims_own_speaker_needs_no_country_to_be_of_its_matter() -> None:
    words = "Syria is at war. SOHR said that it had documented 120,296 deaths."
    told = "On 31 October SOHR said it had documented 120,296 deaths."
    start = words.index("120,296") - len("it had documented ")
    made = Claim(
        id="c1", start=start, end=len(words), said=words[start:], statement=words[start:],
        kind=ClaimKind.QUANTITY, sentence=1,
    )  # fmt: skip
    of = article(words)
    found = evidence("R0", told, origins=("SOHR",))
    found = replace(found, reference=replace(found.reference, title="A count"))
    result = decide(words, [found], [X], made=made, of=of)
    assert [f.agree for f in result.figures] == [True]


def test_one_figure_of_two_exchanged_on_one_occasion_contradicts() -> None:
    """That the other figure agrees, or that an older report has it, takes nothing from it."""
    text = "The agency found polio in 12 of 22 paralysed children."
    told = evidence(
        "R0", "The agency found polio in 10 of 22 paralysed children.", date(2013, 10, 29)
    )
    reason = "another figure, all else the same: 10"
    assert decide(text, [told], [C], reasons=[reason]).verdict is Verdict.CONTRADICTED
