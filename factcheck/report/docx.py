"""A note as a document that an editor can paste from: headings, a table of claims, quotations with
their sources, numbered sources with links.

Every run carries its language, and right-to-left text its direction, so that a word processor spells
and sets it rightly.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from factcheck.models import Assessment, Citation, LedgerKind, Note, Reference
from factcheck.newsroom import Newsroom
from factcheck.report import decided, ruling, told
from factcheck.report.script import direction, tag
from factcheck.report.told import Lookup
from factcheck.text.scrub import for_page, one_line, safe_url
from factcheck.wording import day, table, verdicts

if TYPE_CHECKING:
    from docx.document import Document

_SHADE = {
    "supported": "E2F3E9", "partly_supported": "FAF0D0", "disputed": "F2E7F9",
    "contradicted": "FCE6E5", "not_enough_evidence": "E5EEFA", "not_checkable": "EAECEF",
    "failed": "FBE4EB",
}  # fmt: skip


def render(note: Note, newsroom: Newsroom, lookup: Lookup = lambda _: None) -> bytes:
    """The document's bytes (Office Open XML). `lookup` gives a stored report by its id, or None."""
    from docx import Document

    out = io.BytesIO()
    _Writer(Document(), note, newsroom, lookup).write().save(out)
    return out.getvalue()


class _Writer:
    """Puts a note into a document, from top to bottom."""

    def __init__(self, document: Document, note: Note, newsroom: Newsroom, lookup: Lookup) -> None:
        self.document, self.note, self.newsroom, self.lookup = document, note, newsroom, lookup
        self.language = note.language
        self.page = table(note.language)["page"]
        self.words = table(note.language, "page")["html"]
        self.names = verdicts(note.language, newsroom.labels)
        cited = dict.fromkeys(c.reference for a in note.assessments for c in a.citations)
        self.numbers: Mapping[str, int] = {id: n for n, id in enumerate(cited, 1)}

    def write(self) -> Document:
        self._set_up()
        self._head()
        self._table()
        for a in self.note.assessments:
            self._claim(a)
        self._questions()
        self._sources()
        self._ledger()
        self._provenance()
        return self.document

    # ------------------------------------------------------------ the parts

    def _set_up(self) -> None:
        from docx.shared import Mm, Pt

        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(22)
        section.top_margin = section.bottom_margin = Mm(20)
        self.document.styles["Normal"].font.size = Pt(10.5)
        core = self.document.core_properties
        core.title = _clean(self.note.article.title or self.page["title"])[:250]
        signed = ruling.signature(self.note)
        core.author = _clean(self.newsroom.name or (signed.by if signed else "factcheck"))[:250]
        core.comments = ""
        core.language = tag(self.language)
        with suppress(ValueError):
            core.created = core.modified = datetime.fromisoformat(self.note.provenance.created)

    def _head(self) -> None:
        article = self.note.article
        self._heading(self.page["title"], 0)
        if article.title:
            self._heading(article.title, 1, article.language)
        self._paragraph(decided.banner(self.note, _clean), bold=True)
        if not self.note.complete:
            self._paragraph(self.words["partial"], bold=True)
        date = day(article.published, self.language)
        if article.published_inferred:
            date = f"{self.page['inferred']} {date}"
        outlet = f"{article.outlet} · " if article.outlet else ""
        p = self._paragraph(f"{outlet}{self.page['published']} {date}")
        if url := safe_url(article.url):
            self._run(p, " · ")
            self._link(p, url)
        if ruled := decided.on_note(self.note):
            self._heading(self.words["decided_heading"], 2)
            for r in ruled:
                self._paragraph(r.line(), style="List Bullet")
        self._heading(self.page["summary"], 2)
        for s in self.note.summary:
            if s.status != "struck":
                p = self._paragraph("", style="List Bullet")
                for run in told.runs(s.text, [a.claim.said for a in self.note.assessments]):
                    self._run(p, run.text, article.language if run.quoted else self.language)
        if beside := decided.beside_summary(self.note):
            self._paragraph(beside, bold=True)

    def _table(self) -> None:
        if not self.note.assessments:
            return
        self._heading(self.words["claims"], 2)
        grid = self.document.add_table(rows=1, cols=3)
        grid.style = "Table Grid"
        heads = ("", self.page["claim"], self.words["verdict"])
        for cell, head in zip(grid.rows[0].cells, heads, strict=True):
            self._run(cell.paragraphs[0], head, bold=True)
        _repeats(grid.rows[0])
        for a in self.note.assessments:
            cells = grid.add_row().cells
            verdict = ruling.verdict(self.note, a)
            self._run(cells[0].paragraphs[0], a.claim.id)
            said = a.claim.said or a.claim.statement
            self._run(cells[1].paragraphs[0], said, self._spoken(a))
            _turn(cells[1].paragraphs[0], self._spoken(a))
            name = self.names[verdict]
            if ruling.dropped(self.note, a):
                name += f" ({self.words['dropped']})"
            self._run(cells[2].paragraphs[0], name, bold=True)
            _shade(cells[2], _SHADE[verdict])
        _widths(grid, (14, 112, 40))

    def _claim(self, a: Assessment) -> None:
        verdict = ruling.verdict(self.note, a)
        self._heading(f"{a.claim.id}. {self.names[verdict]}", 2)
        aside = [text for _, text in told.flags(a, self.language)]
        machine = str(a.verdict or ruling.FAILED)
        if verdict != machine:
            aside.insert(0, self.words["machine_said"].format(verdict=self.names[machine]))
        if ruling.dropped(self.note, a):
            aside.insert(0, self.words["dropped"])
        flags = " · ".join(aside)
        if flags:
            self._paragraph(flags, italic=True)
        spoken = self._spoken(a)
        self._quotation(a.claim.said or a.claim.statement, spoken)
        if a.claim.said and a.claim.statement.split() != a.claim.said.split():
            p = self._paragraph(f"{self.words['checked_heading']}: ")
            self._run(p, a.claim.statement, a.claim.language or spoken)
        if a.claim.attribution:
            chain = " ← ".join(x.who for x in a.claim.attribution)
            self._paragraph(f"{self.page['said_by']}: {chain}")
        if ruling.why(a):
            p = self._paragraph("")
            for s in a.rationale:
                if s.status != "struck":
                    self._run(p, f"{s.text} ")
                    self._notes(p, [c for c in a.citations if c.id in s.citations])
        for r in decided.on_claim(self.note, a, self.names):
            self._paragraph(f"{self.page['editor']}, {r.line()}", bold=True)
        for c in a.citations:
            if str(c.stance) != "context":
                self._cite(c)
        for gap in told.gaps(self.note, a, self.lookup):
            self._paragraph(f"{self.words['open_heading']}: {gap}", italic=True)

    def _cite(self, c: Citation) -> None:
        report = self._report(c.reference)
        p = self._quotation(c.quote, report.language if report else "und")
        stance = table(self.language)["stance"][str(c.stance)]
        page = f", {self.words['page_n'].format(n=c.page)}" if c.page else ""
        late = f", {self.page['later']}" if c.hindsight else ""
        p = self._paragraph(
            f"{stance}: {c.publisher}, {day(c.published, self.language)}{page}{late} ", indent=True
        )
        self._notes(p, [c])

    def _questions(self) -> None:
        asked = list(told.questions(self.note))
        if not asked:
            return
        self._heading(self.words["questions_heading"], 1)
        for a, text in asked:
            p = self._paragraph("", style="List Bullet")
            for run in told.runs(text, [a.claim.said or a.claim.statement]):
                self._run(p, run.text, self.note.article.language if run.quoted else self.language)
            self._run(p, f" ({a.claim.id})")

    def _sources(self) -> None:
        if not self.numbers:
            return
        self._heading(self.page["references"], 1)
        for id, n in self.numbers.items():
            r = self._report(id)
            p = self._paragraph(f"[{n}] ", indent=True)
            if r is None:
                self._run(p, id)
                continue
            self._run(p, f"{r.publisher}, {day(r.published, self.language)}: ")
            self._run(p, r.title, r.language, italic=True)
            origins = (
                f" ({self.page['origins'].lower()}: {', '.join(r.origins)})" if r.origins else ""
            )
            self._run(p, f"{origins} {r.id} ")
            for url in (safe_url(r.url), safe_url(r.archive_url)):
                if url:
                    self._link(p, url)
                    self._run(p, " ")

    def _ledger(self) -> None:
        rest = [e for e in self.note.ledger if e.kind is not LedgerKind.CLAIM and not e.claims]
        if not rest:
            return
        kinds = table(self.language)["ledger"]
        reasons = table(self.language, "page")["ledger_reason"]
        self._heading(self.page["ledger"], 1)
        for e in rest:
            p = self._paragraph("", style="List Bullet")
            said = self.note.article.text[e.start : e.end]
            self._run(p, said, self.note.article.language)
            self._run(p, f" ({kinds[str(e.kind)]}: {reasons.get(e.reason, e.reason)})")

    def _provenance(self) -> None:
        p = self.note.provenance
        who = self.page["analyst_local"] if p.analyst == "local" else f"{p.analyst} {p.model or ''}"
        self._heading(self.page["provenance"], 1)
        self._paragraph(self.words["method"])
        self._paragraph(
            f"{self.page['analyst']}: {who} · {p.embedding} · {p.store} · factcheck {p.version} ·"
            f" {p.created}"
        )
        self._paragraph(self.page["verify_again"])

    # ------------------------------------------------------------ the pieces

    def _report(self, id: str) -> Reference | None:
        return next((r for r in self.note.references if r.id == id), None)

    def _spoken(self, a: Assessment) -> str:
        """The language of a claim's words: the article's, or the editor's own."""
        own = a.claim.language or self.note.article.language
        return self.note.article.language if a.claim.said else own

    def _heading(self, text: str, level: int, language: str = "") -> None:
        p = self.document.add_heading(level=level)
        self._run(p, text, language or self.language)
        _turn(p, language or self.language)

    def _paragraph(
        self, text: str, *, style: str | None = None, indent: bool = False, bold: bool = False,
        italic: bool = False,
    ) -> Any:  # fmt: skip
        from docx.shared import Mm, Pt

        p = self.document.add_paragraph(style=style)
        p.paragraph_format.space_after = Pt(4)
        if indent:
            p.paragraph_format.left_indent = Mm(8)
        if text:
            self._run(p, text, bold=bold, italic=italic)
        return p

    def _quotation(self, text: str, language: str) -> Any:
        p = self._paragraph("", style="Quote", indent=True)
        self._run(p, f"“{_clean(text)}”", language)
        _turn(p, language)
        return p

    def _run(self, p: Any, text: str, language: str = "", *, bold: bool = False,
             italic: bool = False) -> Any:  # fmt: skip
        lead, tail = text[:1] == " ", text[-1:] == " "
        run = p.add_run(
            (" " if lead else "") + _clean(text) + (" " if tail and text.strip() else "")
        )
        run.bold, run.italic = bold or None, italic or None
        _speak(run, language or self.language)
        return run

    def _notes(self, p: Any, citations: list[Citation]) -> None:
        """Numbers of sources, raised like those of footnotes."""
        numbers = dict.fromkeys(self.numbers[c.reference] for c in citations)
        if numbers:
            run = self._run(p, "[" + ", ".join(map(str, numbers)) + "]")
            run.font.superscript = True
            self._run(p, " ")

    def _link(self, p: Any, url: str) -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.oxml.ns import qn
        from docx.oxml.parser import OxmlElement
        from docx.shared import RGBColor

        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), p.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        run = self._run(p, url)
        run.font.underline, run.font.color.rgb = True, RGBColor(0x0B, 0x55, 0x9F)
        link.append(run._r)
        p._p.append(link)


def _clean(text: str) -> str:
    return for_page(one_line(text))


def _element(name: str, **attributes: str) -> Any:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _speak(run: Any, language: str) -> None:
    """Tell a run its language, and that it is set from right to left where it is."""
    properties = run._r.get_or_add_rPr()
    if direction(language) == "rtl":
        properties.append(_element("w:rtl"))
        properties.append(_element("w:lang", bidi=tag(language)))
    elif tag(language) != "und":
        properties.append(_element("w:lang", val=tag(language)))


def _turn(p: Any, language: str) -> None:
    """Set a paragraph from right to left where its language is."""
    if direction(language) == "rtl":
        p._p.get_or_add_pPr().append(_element("w:bidi"))


def _shade(cell: Any, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=colour))


def _repeats(row: Any) -> None:
    """The row is the table's head on every page."""
    row._tr.get_or_add_trPr().append(_element("w:tblHeader"))


def _widths(grid: Any, millimetres: tuple[int, ...]) -> None:
    from docx.shared import Mm

    grid.autofit = False
    for column, width in zip(grid.columns, millimetres, strict=True):
        column.width = Mm(width)
    for row in grid.rows:
        for cell, width in zip(row.cells, millimetres, strict=True):
            cell.width = Mm(width)
