"""What editors decided, as every format that is read tells it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from factcheck.models import Decision, Note, Verdict
from factcheck.report import decided, formats
from tests.report import sample

AT = "2013-12-01T11:00:00+00:00"
READ = ("text", "md", "html", "docx")


def entry(kind: str, claim: str = "", value: str = "", reason: str = "") -> Decision:
    return Decision(at=AT, kind=kind, by="A. Editor", claim=claim, value=value, reason=reason)


def told(note: Note, format: str) -> str:
    data = formats.render(note, format)
    if isinstance(data, bytes):
        from docx import Document

        found = Document(io.BytesIO(data))
        cells = [c.text for t in found.tables for row in t.rows for c in row.cells]
        data = " ".join([*(p.text for p in found.paragraphs), *cells])
    return " ".join(data.replace("&#39;", "'").replace("\\", "").split())


@pytest.fixture(scope="module")
def corrected() -> Note:
    return sample.corrected()


@pytest.mark.parametrize("format", READ)
def test_a_correction_of_the_whole_note_is_shown(corrected: Note, format: str) -> None:
    assert "the headline was mistranslated" in told(corrected, format)


@pytest.mark.parametrize("format", READ)
def test_what_was_signed_and_corrected_is_no_plain_draft(corrected: Note, format: str) -> None:
    shown = told(corrected, format)
    assert "DRAFT: signed by Night desk, 2 December 2013, 09:00 UTC" in shown
    assert "corrected, shortened; to be signed again" in shown
    assert "not signed by an editor" not in shown
    assert "not signed by an editor" in told(sample.note(1), format)


@pytest.mark.parametrize("format", READ)
def test_the_summary_says_where_the_editors_decided_otherwise(corrected: Note, format: str) -> None:
    shown = told(corrected, format)
    assert (
        "The editor decided otherwise on: c1." in shown and "Left out by the editor: c2." in shown
    )
    assert "The summary is the program's" not in told(sample.signed(sample.note(3)), format)


@pytest.mark.parametrize("format", READ)
def test_the_machines_verdict_is_said_beside_another(corrected: Note, format: str) -> None:
    assert "the machine's verdict: Supported" in told(corrected, format)


@pytest.mark.parametrize("format", ["text", "md"])
def test_the_verdict_that_holds_is_the_claims(corrected: Note, format: str) -> None:
    shown = told(corrected, format)
    first = shown[shown.index("c1 " if format == "text" else "## c1.") :][:140]
    assert "Contradicted" in first and "the machine's verdict: Supported" in first
    assert "correction: Contradicted — the ministry withdrew (A. Editor, 1 December 2013)" in shown
    assert "left out of what is published — off our beat" in shown


def test_indonesian_decisions_are_in_indonesian(corrected: Note) -> None:
    shown = told(replace(corrected, language="id"), "text")
    assert "KONSEP: ditandatangani oleh Night desk" in shown and "dikoreksi" in shown
    assert "koreksi: Bertentangan" in shown and "correction" not in shown


def test_what_was_left_out_is_on_no_account(corrected: Note) -> None:
    supported = replace(
        sample.note(1), assessments=tuple(
            replace(a, verdict=Verdict.SUPPORTED) for a in sample.note(1).assessments
        )
    )  # fmt: skip
    assert "Supported claims: 1. Origins behind them: 1." in told(supported, "html")
    assert "No claim is supported." in told(sample.signed(supported, entry("drop", "c1")), "html")


def test_the_table_says_who_left_a_claim_out(corrected: Note) -> None:
    rows = list(csv.DictReader(io.StringIO(str(formats.render(corrected, "csv")))))
    assert rows[1]["dropped"] == "yes" and rows[1]["editor"] == "A. Editor"
    assert rows[1]["reason"] == "off our beat" and rows[0]["reason"] == "the ministry withdrew"


def test_a_time_that_is_none_stays_as_it_is() -> None:
    note = sample.signed(sample.note(1))
    odd = replace(note, decisions=(replace(note.decisions[0], at="yesterday"),))
    assert "yesterday" in decided.banner(odd)
