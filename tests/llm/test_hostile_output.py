"""Every output against every hostile text in every field: nothing acts on the screen, nothing is markup,
no line of ours is forged, and the words are shown all the same.

Another output is one more line in `OUTPUTS`: what it is, how it is made, which fields it must show.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from factcheck.chat import derivation, show
from factcheck.chat.layout import hung
from factcheck.collection import open_store
from factcheck.errors import FactcheckError
from factcheck.models import Citation, Fault, Note, Sentence, Stance
from factcheck.questions import Answer
from factcheck.report import markdown, text
from factcheck.settings import Settings
from factcheck.terminal import Terminal
from factcheck.text.scrub import for_markdown, one_line, safe_url
from tests.llm import brains, hostile
from tests.llm.conftest import KEY, Lab, free_address, says, server
from tests.llm.hostile import EVERYTHING, FAIR, HOSTILE, LINK, Words, note, reference
from tests.llm.server import GOOD
from tests.llm.server import Fault as Wrong

Check = Callable[[str, str], None]
Make = Callable[[Words], str]
_KNOWN = "title outlet text"
_CLAIM = "statement who publisher quote explanation summary"


@dataclass(frozen=True)
class Output:
    """An output: what it must be like, how it is made, and the fields that it shows."""

    check: Check
    make: Make
    shows: str


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def _said(say: Callable[[Terminal], object], colour: bool = False) -> str:
    """What a run writes to both its streams."""
    out, err = (_Screen() if colour else io.StringIO() for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NO_COLOR", raising=False)
        patch.setenv("TERM", "xterm-256color")
        patch.setenv("COLUMNS", "100")
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        say(Terminal())
    return out.getvalue() + err.getvalue()


def _stderr(w: Words) -> str:
    def say(terminal: Terminal) -> None:
        terminal.error(FactcheckError(w("error"), hint="Hint: " + w("hint")))
        terminal.fault(
            Fault(step="judge", kind="server", message=w("fault"), hint="Hint: " + w("hint"))
        )
        terminal.warn(w("warning"))
        terminal.say(f"“{w('progress')}”")
        terminal.line(f"line: {w('line')}")

    return _said(say)


def _chat(w: Words, lines: Callable[[Note], Any], colour: bool = False) -> str:
    """Lines of the conversation; their ids are checked where a note is restored."""
    shown = lines(note(lambda field: "" if field == "ids" else w(field)))
    return _said(lambda terminal: [terminal.show(hung(line, 100)) for line in shown], colour=colour)


def _answer(w: Words) -> Answer:
    cited = Citation(
        id="k1", reference="X1", publisher=w("publisher"), published=None, stance=Stance.CONTEXT,
        quote=w("quote"), start=0, end=1, url=w("url"), origins=(),
    )  # fmt: skip
    return Answer(
        sentences=(Sentence(text=f"It said “{w('answer')}”", citations=("k1",)),), citations=(cited,),
        missing="", asked=w("question"), searched=1, narrowed=(w("narrowed"),), language="en",
        by="model", fault=w("fault"),
    )  # fmt: skip


def _in_context(n: Note) -> Any:
    quoted = replace(n.assessments[0].citations[0], start=0, end=4)
    return show.in_context(quoted, replace(n.references[0], language="en"), "en")


def _one(n: Note) -> Any:
    return n.assessments[0]


_REPORT = (
    f"{_KNOWN} who publisher quote explanation summary term neutral reason model editor remark"
)
OUTPUTS = {
    "text": Output(hostile.terminal, lambda w: _said(lambda t: t.show(text.render(note(w)))),
                   f"{_REPORT} url origins evidence ids"),
    "text in colour": Output(hostile.coloured, lambda w: _said(
        lambda t: t.show(text.render(note(w))), colour=True),
                             f"{_REPORT} url origins evidence ids"),
    "text in a file": Output(hostile.terminal, lambda w: text.plain(note(w)), _REPORT),
    "Markdown": Output(hostile.markdown, lambda w: markdown.render(note(w)), f"{_REPORT} ids"),
    "JSON": Output(hostile.json_text, lambda w: _said(
        lambda t: t.data(json.dumps(note(w).to_json(), ensure_ascii=False, indent=2))),
        f"{_REPORT} url origins evidence ids"),
    "a note in a notebook": Output(hostile.html, lambda w: note(w)._repr_html_(),
                                   "title text summary ids"),
    "a claim in a notebook": Output(hostile.html, lambda w: _one(note(w))._repr_html_(),
                                    "text explanation quote publisher ids"),
    "an answer in a notebook": Output(hostile.html, lambda w: _answer(w)._repr_html_(), "answer"),
    "stderr": Output(hostile.terminal, _stderr, "error hint fault warning progress line"),
    "chat: opened": Output(hostile.terminal, lambda w: _chat(w, lambda n: [show.opened(n)]), "title"),
    "chat: claims": Output(hostile.terminal, lambda w: _chat(
        w, lambda n: show.claims(n, n.assessments, 100)), "text"),
    "chat: card": Output(hostile.terminal, lambda w: _chat(w, lambda n: show.card(_one(n), n)),
                         "text statement who explanation editor remark"),
    "chat: card in colour": Output(hostile.coloured, lambda w: _chat(
        w, lambda n: show.card(_one(n), n), colour=True), "text statement"),
    "chat: evidence": Output(hostile.terminal, lambda w: _chat(w, lambda n: show.evidence(_one(n), n)),
                             "quote publisher"),
    "chat: a quotation in context": Output(hostile.terminal, lambda w: _chat(w, _in_context),
                                           "publisher title url"),
    "chat: why": Output(hostile.terminal, lambda w: _chat(w, lambda n: derivation.why(_one(n), n)),
                        "publisher figure evidence origins"),
    "chat: why it failed": Output(hostile.terminal, lambda w: _chat(
        w, lambda n: derivation.why(n.assessments[1], n)), "error"),
    "chat: timeline": Output(hostile.terminal, lambda w: _chat(w, lambda n: derivation.timeline(_one(n), n)),
                             "quantity figure evidence publisher"),
    "chat: origins": Output(hostile.terminal, lambda w: _chat(w, lambda n: derivation.origins(_one(n), n)),
                            "origins publisher"),
    "chat: an answer": Output(hostile.terminal, lambda w: _said(
        lambda t: [t.show(hung(line, 100)) for line in show.answered(_answer(w), "en")]),
                              "answer publisher narrowed fault"),
}  # fmt: skip


@cache
def _fair(name: str, words: str = FAIR) -> str:
    return OUTPUTS[name].make(lambda field: words)


@pytest.mark.parametrize("said", HOSTILE)
@pytest.mark.parametrize("name", OUTPUTS)
def test_an_output_is_neutral(name: str, said: str) -> None:
    output = OUTPUTS[name]
    fair = _fair(name, FAIR if HOSTILE[said].strip() else HOSTILE[said] and " ")
    output.check(output.make(lambda field: HOSTILE[said]), fair)


@pytest.mark.parametrize("name", OUTPUTS)
def test_an_output_shows_its_fields(name: str) -> None:
    """So that what is tested above is there to be seen."""
    shown = OUTPUTS[name].make(lambda field: f"Q{field.replace(' ', '')}Q")
    missing = [f for f in OUTPUTS[name].shows.split() if f"Q{f}Q" not in shown]
    assert not missing


@pytest.mark.parametrize("said", HOSTILE)
def test_markdown_shows_the_words_themselves(said: str) -> None:
    """What a reader sees of a quotation is what stands in the report, letter for letter."""
    _, inside = hostile._parsed(f"“{for_markdown(HOSTILE[said])}”")
    seen = "".join(words for _, words in inside)
    assert " ".join(seen.split()) == " ".join(f"“{one_line(HOSTILE[said])}”".split())


@pytest.mark.parametrize("said", HOSTILE)
def test_json_holds_the_words_themselves(said: str) -> None:
    shown = OUTPUTS["JSON"].make(lambda field: HOSTILE[said])
    assert json.loads(shown)["claims"][0]["citations"][0]["quote"] == HOSTILE[said]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,x",
     "vbscript:x", "file:///etc/passwd", "//evil.example", "https://a b", "https://a\n> x",
     "https://a>x<script>", "https://a'x", 'https://a"x', "https://\u202ea", "https://a\x1b]8;;",
     "https://a\u2028b", "https:evil", "", "https://", "https://a\\b", "https://a\x00b"],
)  # fmt: skip
def test_an_address_that_is_not_plain_is_no_link(url: str) -> None:
    assert safe_url(url) is None
    shown = markdown.render(note(lambda field: FAIR, url=url))
    hostile.markdown(shown, _fair("Markdown"))


def test_the_only_links_are_addresses_of_reports() -> None:
    shown = markdown.render(note(lambda field: f"[x]({LINK})", url="https://report.example/1"))
    assert hostile._LINKED.findall(shown) == ["https://"] and "<https://report.example/1>" in shown


def test_the_hostile_words_are_hostile() -> None:
    """Each kind of harm fails the check that is there for it."""
    for name, check in (("colours and cursor", hostile.terminal), ("C1 controls", hostile.terminal),
                        ("bidi", hostile.terminal), ("lone surrogates", hostile.terminal),
                        ("combining marks", hostile.terminal), ("NUL", hostile.json_text),
                        ("lines", hostile.terminal), ("Markdown", hostile.markdown),
                        ("entities", hostile.markdown), ("a heading", hostile.markdown),
                        ("bare addresses", hostile.markdown), ("script tags", hostile.html),
                        ("event handlers", hostile.html)):  # fmt: skip
        with pytest.raises(AssertionError):
            check(HOSTILE[name], FAIR if check is not hostile.json_text else json.dumps(FAIR))


# ---------------------------------------------------------------- the whole program

Run = Callable[["Desk"], str]


class Desk:
    """The program over a store, an article, a model and files that are hostile in every field."""

    def __init__(self, lab: Lab, store: Path) -> None:
        self.lab, self.folder = Lab(lab.folder, store, lab.lookup, lab._run), lab.folder
        self.article = self.folder / f"article{hostile.NAME}.md"
        self.article.write_text(hostile.ARTICLE, encoding="utf-8")

    def run(self, *args: object, code: int = 0, only: str = "", **more: str) -> str:
        """What a call of the program writes to both its streams, or to one. A model whose words are
        not found in the article may leave a note partial."""
        got, out, err = self.lab.cli(*args, **more)
        assert got in {code, 5 if args[0] == "check" and not code else code}, err
        assert "Traceback" not in out + err and KEY not in out + err
        return {"out": out, "err": err}.get(only, out + err)

    def check(self, *args: object, script: Any = None, said: str = EVERYTHING, **more: Any) -> str:
        given = {"script": script} if script else {}
        with server(says(hostile.model(said)), **given) as made:
            return self.run("check", self.article, "--no-cache", "--model", f"m{hostile.NAME}", *args,
                            OPENAI_BASE_URL=made.url, **more)  # fmt: skip

    def note(self) -> Path:
        """A note on disk whose quotations do not hold, and whose ids are not ours."""
        path = self.folder / f"note{hostile.NAME}.json"
        self.check("--format", "json", "-o", path)
        made = json.loads(path.read_text(encoding="utf-8"))
        for cited in (c for claim in made["claims"] for c in claim["citations"]):
            cited |= {"id": EVERYTHING, "quote": EVERYTHING}
        path.write_text(json.dumps(made), encoding="utf-8")
        return path

    def gold(self) -> Path:
        path = self.folder / "gold.jsonl"
        text = hostile.BODY
        labels = [{"id": EVERYTHING, "start": 0, "end": len(text), "said": text,
                   "verdict": "supported", "references": [EVERYTHING]}]  # fmt: skip
        path.write_text("\n".join(map(json.dumps, labels)), encoding="utf-8")
        return path


def _wrong(fault: Wrong) -> Any:
    """A server that goes wrong in the judging, with words of its own."""
    return lambda n, body: fault if brains.step(body) == "judge" else GOOD


_REFUSES = Wrong("refusal", change=lambda _: EVERYTHING, field="refusal")
_COMPLAINS = Wrong("400", 400, {"error": {"message": EVERYTHING, "code": EVERYTHING}})
_BREAKS = Wrong("500", 500, f"<html>{EVERYTHING}</html>")
_HALVES = HOSTILE["lone surrogates"]
RUNS: dict[str, tuple[Check, Run]] = {
    "check": (hostile.terminal, lambda d: d.check()),
    "check as Markdown": (hostile.no_markup, lambda d: d.check("--format", "md", only="out")),
    "check as JSON": (hostile.whole, lambda d: d.check("--format", "json", only="out")),
    "check into a file": (hostile.terminal, lambda d: d.check("-o", d.folder / f"n{hostile.NAME}")),
    "halves of letters": (hostile.terminal, lambda d: d.check(said=_HALVES, code=5)),
    "halves of letters as JSON": (hostile.whole, lambda d: d.check(
        "--format", "json", said=_HALVES, code=5, only="out")),
    "a refusal": (hostile.terminal, lambda d: d.check(script=_wrong(_REFUSES), code=5)),
    "a refusal as Markdown": (hostile.no_markup, lambda d: d.check(
        "--format", "md", script=_wrong(_REFUSES), code=5, only="out")),
    "a refusal as JSON": (hostile.whole, lambda d: d.check(
        "--format", "json", script=_wrong(_REFUSES), code=5, only="out")),
    "a server's complaint": (hostile.terminal, lambda d: d.check(script=_wrong(_COMPLAINS), code=5)),
    "a server's page": (hostile.terminal, lambda d: d.check(script=_wrong(_BREAKS), code=5)),
    "refs list": (hostile.terminal, lambda d: d.run("refs", "list")),
    "refs list as JSON": (hostile.whole, lambda d: d.run("refs", "list", "--format", "json")),
    "refs show": (hostile.terminal, lambda d: d.run("refs", "show", "X1")),
    "refs show as JSON": (hostile.whole, lambda d: d.run("refs", "show", "X1", "--format", "json")),
    "refs stats": (hostile.terminal, lambda d: d.run("refs", "stats")),
    "refs stats as JSON": (hostile.whole, lambda d: d.run("refs", "stats", "--format", "json")),
    "refs show of none": (hostile.terminal, lambda d: d.run("refs", "show", EVERYTHING, code=4)),
    "refs add of none": (hostile.terminal, lambda d: d.run("refs", "add", hostile.NAME, code=4)),
    "verify": (hostile.terminal, lambda d: d.run("verify", d.note(), code=7)),
    "verify as JSON": (hostile.whole, lambda d: d.run(
        "verify", d.note(), "--format", "json", code=7, only="out")),
    "doctor": (hostile.terminal, lambda d: d.run(
        "doctor", "--model", EVERYTHING, OPENAI_BASE_URL=f"{free_address()}{hostile.NAME}")),
    "doctor on a store": (hostile.terminal, lambda d: d.run(
        "doctor", "--store", d.folder / "no" / hostile.NAME)),
    "eval notes": (hostile.terminal, lambda d: d.run(
        "eval", "notes", "--cases", d.gold(), d.article, "--analyst", "local")),
    "eval notes as JSON": (hostile.whole, lambda d: d.run(
        "eval", "notes", "--cases", "--format", "json", d.gold(), d.article, "--analyst", "local",
        only="out")),
    "no such file": (hostile.terminal, lambda d: d.run("check", hostile.NAME, code=4)),
    "no such option": (hostile.terminal, lambda d: d.run("check", f"--x{hostile.OPTION}", code=2)),
    "no such command": (hostile.terminal, lambda d: d.run(f"x{hostile.OPTION}", code=2)),
    "no such verdict": (hostile.terminal, lambda d: d.run(
        "check", "x", "--fail-on", EVERYTHING, code=2)),
}  # fmt: skip


@pytest.fixture(scope="module")
def hostile_store(loaded_store: Path, shared_cache: Path, tmp_path_factory: Any) -> Path:
    """The starter collection with a report that is hostile in every field and bears on the article."""
    folder = tmp_path_factory.mktemp("hostile") / "store"
    shutil.copytree(loaded_store, folder)
    report = reference(lambda field: EVERYTHING.replace("\0", ""))
    report = replace(report, text=f"{hostile.CITED} {report.text[:600]}")
    with open_store(Settings.load(store=folder, cache=shared_cache)) as store:
        store.add([report])
    return folder


@pytest.fixture
def desk(lab: Lab, hostile_store: Path) -> Desk:
    return Desk(lab, hostile_store)


@pytest.mark.parametrize("name", RUNS)
def test_the_program_is_neutral(desk: Desk, name: str) -> None:
    check, run = RUNS[name]
    shown = run(desk)
    assert shown.strip()
    check(shown, "")


def test_the_hostile_report_is_cited(desk: Desk) -> None:
    """So that what was tested was there to be seen."""
    note = json.loads(desk.check("--format", "json", only="out"))
    found = {i for c in note["claims"] for i in c["nearest"]}
    assert "X1" in found, found
    assert "X1" in {c["reference"] for claim in note["claims"] for c in claim["citations"]}
    assert any(e["reason"] for e in note["ledger"]) and note["claims"][0]["rationale"]
