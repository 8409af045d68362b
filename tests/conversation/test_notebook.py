"""In a notebook a note, a claim and an answer show themselves, and nothing in them is markup."""

from __future__ import annotations

import re
from dataclasses import replace

from factcheck.conversation import Conversation
from factcheck.models import Note

EVIL = "<script>alert(1)</script><img src=x onerror=y> & \"'"


def _harmless(html: str) -> None:
    tags = {t.lower() for t in re.findall(r"<\s*/?\s*([a-zA-Z!]+)", html)}
    assert tags <= {"p", "table", "thead", "tbody", "tr", "th", "td", "div", "small"}, tags
    assert "onerror=y" not in re.sub(r"&lt;.*?&gt;", "", html)


def test_a_note_shows_itself(note_of) -> None:
    note: Note = note_of("id")
    html = note._repr_html_()
    assert note.article.title in html
    assert html.count("<tr") == len(note.assessments) + 1
    a = note.assessments[0]
    spoilt = replace(
        note,
        article=replace(note.article, title=EVIL),
        assessments=(replace(a, claim=replace(a.claim, said=EVIL)),),
    )
    _harmless(spoilt._repr_html_())
    assert "&lt;script&gt;" in spoilt._repr_html_()


def test_a_claim_shows_itself(note_of) -> None:
    a = next(a for a in note_of("en").assessments if a.citations)
    html = a._repr_html_()
    for part in (a.claim.id, str(a.verdict), a.citations[0].id):
        assert part in html
    c = replace(a.citations[0], quote=EVIL, publisher=EVIL)
    _harmless(replace(a, citations=(c,))._repr_html_())


def test_an_answer_shows_itself(checker, note_of) -> None:
    answer = Conversation(checker, note_of("en")).ask("How many refugees are in Lebanon?")
    html = answer._repr_html_()
    assert "812,000" in html
    c = replace(answer.citations[0], quote=EVIL)
    _harmless(replace(answer, citations=(c,), missing=EVIL, sentences=())._repr_html_())
