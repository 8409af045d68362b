"""ClaimReview, Web Annotations, CSV and DOCX."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import jsonschema
import pytest

from factcheck.errors import ConfigError, UsageError
from factcheck.models import Decision
from factcheck.newsroom import Newsroom
from factcheck.report import formats
from factcheck.report.csv_ import cell
from tests.report import sample
from tests.report.test_page import BAD

DESK = Newsroom(
    name="Daily Sample", url="https://example.org", logo="https://example.org/l.png",
    note_url="https://example.org/checks/{article}", labels={"supported": "Benar"},
)  # fmt: skip
_URI = {"type": "string", "pattern": '^https?://[^ <>"]+$'}
_DATE = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
_NAMED = {"type": "string", "minLength": 1}
# The terms of schema.org's ClaimReview that are used, and how: written out from its definitions of
# ClaimReview, Claim, Rating, Organization and CreativeWork.
CLAIM_REVIEW = {
    "type": "object",
    "additionalProperties": False,
    "required": ["@context", "@type", "datePublished", "author", "claimReviewed", "reviewRating",
                 "itemReviewed", "url"],
    "properties": {
        "@context": {"const": "https://schema.org"},
        "@type": {"const": "ClaimReview"},
        "url": _URI,
        "datePublished": _DATE,
        "inLanguage": _NAMED,
        "claimReviewed": _NAMED,
        "reviewBody": _NAMED,
        "author": {
            "type": "object", "additionalProperties": False, "required": ["@type", "name"],
            "properties": {"@type": {"const": "Organization"}, "name": _NAMED, "url": _URI,
                           "logo": _URI},
        },
        "editor": {
            "type": "object", "additionalProperties": False, "required": ["@type", "name"],
            "properties": {"@type": {"const": "Person"}, "name": _NAMED},
        },
        "reviewRating": {
            "type": "object", "additionalProperties": False, "required": ["@type", "alternateName"],
            "properties": {"@type": {"const": "Rating"}, "alternateName": _NAMED,
                           "ratingValue": {"type": "number"}, "bestRating": {"type": "number"},
                           "worstRating": {"type": "number"}},
            "dependentRequired": {"ratingValue": ["bestRating", "worstRating"]},
        },
        "itemReviewed": {
            "type": "object", "additionalProperties": False, "required": ["@type", "appearance"],
            "properties": {
                "@type": {"const": "Claim"}, "text": _NAMED, "datePublished": _DATE,
                "author": {"type": "object", "required": ["@type", "name"]},
                "appearance": {
                    "type": "object", "additionalProperties": False, "required": ["@type"],
                    "properties": {"@type": {"const": "NewsArticle"}, "headline": _NAMED,
                                   "url": _URI, "datePublished": _DATE, "inLanguage": _NAMED,
                                   "publisher": {"type": "object"}},
                },
            },
        },
        "citation": {
            "type": "array",
            "items": {
                "type": "object", "additionalProperties": False, "required": ["@type", "name"],
                "properties": {"@type": {"const": "CreativeWork"}, "name": _NAMED, "url": _URI,
                               "datePublished": _DATE},
            },
        },
    },
}  # fmt: skip


def decision(kind: str, claim: str, value: str = "", reason: str = "") -> Decision:
    return Decision(at="2013-12-01T10:00:00+00:00", kind=kind, by="A. Editor", claim=claim,
                    value=value, reason=reason)  # fmt: skip


def reviews(made, newsroom: Newsroom = DESK) -> list[dict]:
    return json.loads(formats.render(made, "claimreview", newsroom=newsroom))


def test_every_signed_claim_is_a_claim_review_by_schema_orgs_terms() -> None:
    found = reviews(sample.signed(sample.note(14)))
    assert len(found) == 12  # two of fourteen failed and have no verdict
    for review in found:
        jsonschema.validate(review, CLAIM_REVIEW)
    first = found[0]
    assert first["datePublished"] == "2013-12-02"
    assert first["url"].endswith("#c1") and "{article}" not in first["url"]
    assert first["reviewRating"] == {"@type": "Rating", "alternateName": "Benar", "ratingValue": 5,
                                     "bestRating": 5, "worstRating": 1}  # fmt: skip
    silent = next(r for r in found if r["reviewRating"]["alternateName"] == "Not enough evidence")
    assert "ratingValue" not in silent["reviewRating"]


def test_the_schema_refuses_what_it_should() -> None:
    good = reviews(sample.signed(sample.note(1)))[0]
    for broken in ({**good, "rating": 1}, {k: v for k, v in good.items() if k != "author"},
                   {**good, "url": "javascript:x"}):  # fmt: skip
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, CLAIM_REVIEW)


def test_the_editors_verdict_wins_and_dropped_claims_are_left_out() -> None:
    made = sample.signed(
        sample.note(7),
        decision("verdict", "c1", "contradicted", "the ministry withdrew it"),
        decision("drop", "c2"),
        decision("verdict", "c7", "disputed"),  # it had failed
    )
    found = {r["url"].rsplit("#", 1)[1]: r for r in reviews(made)}
    assert set(found) == {"c1", "c3", "c4", "c5", "c6", "c7"}
    assert found["c1"]["reviewRating"]["alternateName"] == "Contradicted"
    assert found["c1"]["reviewBody"] == "the ministry withdrew it"
    assert found["c7"]["reviewRating"]["ratingValue"] == 3


def test_nothing_is_published_unsigned_or_without_a_name() -> None:
    with pytest.raises(UsageError, match="not signed") as unsigned:
        reviews(sample.note(1))
    assert "factcheck sign" in unsigned.value.hint
    with pytest.raises(ConfigError, match="newsroom") as nameless:
        reviews(sample.signed(sample.note(1)), Newsroom())
    assert "[newsroom]" in nameless.value.hint


@pytest.mark.parametrize("bad", BAD)
def test_a_claim_review_can_stand_in_a_script_element(bad: str) -> None:
    text = formats.render(sample.signed(sample.hostile(bad)), "claimreview", newsroom=DESK)
    assert isinstance(text, str) and not re.search("[<>&\u2028\u2029\u202a-\u202e\x7f-\x9f]", text)
    json.loads(text)


# ---------------------------------------------------------------- web annotations


@pytest.mark.parametrize("bad", ["plain", *BAD])
def test_annotations_find_their_words_again(bad: str) -> None:
    made = sample.hostile(bad) if bad != "plain" else sample.note(9)
    data = json.loads(formats.render(made, "annotations"))
    text = made.article.text
    assert data["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert data["type"] == "AnnotationCollection" and data["first"]["type"] == "AnnotationPage"
    items = data["first"]["items"]
    assert data["total"] == len(items) == len(made.assessments)
    assert len({i["id"] for i in items}) == len(items)
    for item, a in zip(items, made.assessments, strict=True):
        quote, position = item["target"]["selector"]
        assert (quote["type"], position["type"]) == ("TextQuoteSelector", "TextPositionSelector")
        assert text[position["start"] : position["end"]] == quote["exact"] == a.claim.said
        whole = quote["prefix"] + quote["exact"] + quote["suffix"]
        at = position["start"] - len(quote["prefix"])
        assert text[at : at + len(whole)] == whole
        assert re.match(r"https?://|ni:///sha-256;|urn:uuid:", item["target"]["source"])
        assert item["motivation"] == "assessing" and item["body"][0]["purpose"] == "classifying"


def test_annotations_say_draft_until_signed_and_name_who_signs() -> None:
    made = sample.note(1)
    draft = json.loads(formats.render(made, "annotations"))["first"]["items"][0]
    assert "draft" in [b.get("value") for b in draft["body"]]
    assert draft["creator"]["type"] == "Software"
    done = json.loads(formats.render(sample.signed(made), "annotations", newsroom=DESK))
    assert done["creator"]["name"] == "Daily Sample"
    assert "draft" not in [b.get("value") for b in done["first"]["items"][0]["body"]]


# ---------------------------------------------------------------- a table


def test_csv_holds_a_row_for_each_claim() -> None:
    made = sample.signed(sample.note(7), decision("verdict", "c1", "disputed", "two figures"))
    rows = list(csv.DictReader(io.StringIO(formats.render(made, "csv", newsroom=DESK))))
    assert [r["claim"] for r in rows] == [f"c{n}" for n in range(1, 8)]
    assert rows[0]["verdict"] == "disputed" and rows[0]["machine_verdict"] == "supported"
    assert rows[0]["said"] == made.assessments[0].claim.said
    assert rows[0]["citations"] == "c1.k1 | c1.k2 | c1.k3" and rows[6]["error"] == "timeout"


@pytest.mark.parametrize(
    "bad", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "\u202e=1",
            "\u200b=1", "＝1"]
)  # fmt: skip
def test_no_cell_is_a_formula(bad: str) -> None:
    assert cell(bad).startswith("'")
    rows = list(csv.reader(io.StringIO(formats.render(sample.hostile(bad), "csv"))))
    for row in rows:
        assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for value in row)
        assert not any(c in value for value in row for c in "\r\n\t\x1b\u202e")


def test_harmless_cells_stay_as_they_are() -> None:
    assert cell("6.5 million = half") == "6.5 million = half" and cell("") == ""


# ---------------------------------------------------------------- a document


def document(made, newsroom: Newsroom = DESK):
    from docx import Document

    data = formats.render(made, "docx", newsroom=newsroom)
    assert isinstance(data, bytes)
    return Document(io.BytesIO(data))


def test_the_document_holds_claims_quotations_and_sources() -> None:
    made = sample.note(7)
    found = document(made)
    text = "\n".join(p.text for p in found.paragraphs)
    assert "DRAFT" in text and "“It said 6.8 million people needed help.”" in text
    assert [r.cells[0].text for r in found.tables[0].rows][1:] == [f"c{n}" for n in range(1, 8)]
    assert found.tables[0].rows[1].cells[2].text == "Benar"
    assert "[1] Agency 1 via Paper 1" in text
    links = [r.target_ref for r in found.part.rels.values() if r.is_external]
    assert "https://example.org/report/1" in links
    assert next(p.style.name for p in found.paragraphs if p.style.name.startswith("Heading")) == (
        "Heading 1"
    )


def test_right_to_left_text_is_marked_so() -> None:
    data = formats.render(sample.note(2, article_language="ar"), "docx")
    xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    assert "<w:bidi/>" in xml and "<w:rtl/>" in xml and 'w:lang w:bidi="ar"' in xml
    assert 'w:lang w:val="en"' in xml
    plain = zipfile.ZipFile(io.BytesIO(formats.render(sample.note(2), "docx")))
    assert "<w:rtl/>" not in plain.read("word/document.xml").decode()


@pytest.mark.parametrize("bad", BAD)
def test_no_text_breaks_the_document(bad: str) -> None:
    found = document(sample.hostile(bad))
    for rel in found.part.rels.values():
        assert not rel.is_external or re.match(r"https?://", rel.target_ref)
    assert not any(re.search("[\x00-\x08\u202a-\u202e]", p.text) for p in found.paragraphs)


# ---------------------------------------------------------------- all of them


@pytest.mark.parametrize("format", formats.FORMATS)
def test_every_format_takes_house_labels_and_hostile_notes(format: str) -> None:
    made = sample.signed(sample.note(3))
    told = formats.render(made, format, newsroom=DESK)
    if format not in ("docx", "json"):  # the note's own JSON keeps the machine's codes
        assert "Benar" in told
    for bad in ("\x1b[31m</script>", "\u202e=1"):
        formats.render(sample.signed(sample.hostile(bad)), format, newsroom=DESK)


def test_what_cannot_be_had_is_said_beforehand() -> None:
    formats.possible("html", signed=False, to_terminal=True)
    with pytest.raises(UsageError, match="unknown format") as unknown:
        formats.possible("pdf", signed=True, to_terminal=False)
    assert "docx" in unknown.value.hint
    with pytest.raises(UsageError, match="terminal") as binary:
        formats.possible("docx", signed=True, to_terminal=True)
    assert "-o FILE" in binary.value.hint
    with pytest.raises(UsageError, match="signed"):
        formats.possible("claimreview", signed=False, to_terminal=False)
