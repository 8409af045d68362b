"""Nothing that a model or a report says can act on the terminal, in Markdown, in JSON or in HTML.

First notes whose every field is hostile, made by hand and shown by the reports; then the whole
program over a model and a report that put such text into every field they have.
"""

from __future__ import annotations

import io
import json
import os
import pty
import re
import sys
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from factcheck import cli, refs
from factcheck.collection import open_store
from factcheck.models import (
    Article,
    Assessment,
    Attribution,
    Citation,
    Claim,
    ClaimKind,
    Decision,
    Fault,
    FigureCheck,
    LedgerEntry,
    LedgerKind,
    Loaded,
    Note,
    Provenance,
    Reference,
    Sentence,
    Stance,
    Usage,
    Verdict,
)
from factcheck.report import markdown, text
from factcheck.settings import Settings
from factcheck.text.scrub import for_markdown, one_line, safe_url
from tests.llm import brains
from tests.llm import server as server_
from tests.llm.server import ModelServer

LINK = "https://evil.example/x"
FORGED = "✓ Supported"
HOSTILE = {
    "colour": "\x1b[31mred\x1b[0m \x1b[2J\x1b[1;1H\x1b[?25l up \x1b[3A",
    "clipboard": "\x1b]52;c;aGVsbG8=\x07 \x1b]52;c;aGVsbG8=\x1b\\",
    "title": "\x1b]0;owned\x07 \x1bP+q\x1b\\ \x1bc",
    "terminal_link": f"\x1b]8;;{LINK}\x1b\\click\x1b]8;;\x1b\\",
    "eight_bit": "\x9b31mred \x9d52;c;aGVsbG8=\x9c \x90q\x9c",
    "bells": "\a\a\b\b\b\x7f",
    "returns": f"fine\r{FORGED}",
    "bidi": "\u202ekcatta\u202c \u2066a\u2069 \u200f\u200e \u061c",
    "hidden": "a\u200bb\ufeffc\u00add" + "".join(chr(0xE0000 + ord(c)) for c in "attack"),
    "markup": f"[bold red]x[/] [link={LINK}]y[/link] [/] [[ :warning: {{x}} %s",
    "scripts": "<script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>"
    "<!-- x --><![CDATA[x]]><?php ?><a href='javascript:alert(1)'>x</a></p></td>",
    "schemes": "javascript:alert(1) data:text/html,x vbscript:x <javascript:alert(1)> file:///x",
    "markdown": f"[a]({LINK}) ![b]({LINK}.png) <{LINK}> [c][d] [e] ![f] *g* _h_ **i** ~~j~~ `k`"
    f"\n\n[e]: {LINK}\n[^1]: x\n\n[a](javascript:alert(1))",
    "bare_link": f"{LINK} {LINK.upper()} x@evil.example <x@evil.example>",
    "entities": "&#91;x&#93;&#40;javascript&#58;alert(1)&#41; &lt;script&gt; &amp; &copy; &#0;",
    "lines": f"x\n{FORGED}\n\n# {FORGED}\n\n- `c9.k1` supports\n> x\n1. y\n---\n===\n    code\n\tcode",
    "other_lines": f"x\u2028{FORGED}\u2029{FORGED}\x0b{FORGED}\x0c{FORGED}\x85{FORGED}",
    "fences": "```\nx\n```\n~~~\n$$x$$ \\(x\\) {{x}} {% x %}",
    "table": "| a | b |\n|---|---|\n| c | d |",
    "begins": "- x",
    "begins_number": "1. x",
    "begins_heading": "# x",
    "begins_quote": "> x",
    "begins_code": "    x",
    "begins_rule": "---",
    "ends_backslash": "x\\",
    "nul": "a\0b\x00",
    "marks": "e" + "\u0301" * 5000,
    "long": "very long " * 3000,
    "one_word": "x" * 20_000,
    "surrogates": "a\ud83db \udc00",
    "private": "\ue000\U0010fffd",
    "noncharacters": "\ufffe\uffff",
    "empty": "",
    "blank": " \n\t ",
    "right_to_left": "قال الوزير إن 12 شخصا قتلوا",
    "emoji": "👩‍👩‍👧‍👦 🇮🇩 ✓",
}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # of our own: what rich makes of our styles
_ACTIVE = re.compile(  # what acts on a terminal, or turns the order of letters round
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)


def _note(said: str, url: str | None = LINK, id: str = "X001") -> Note:
    """A note in which every text from outside is `said`."""
    article = Article(
        text=said or "x", sha256="0" * 64, title=said, outlet=said, url=said, language="en",
        published=date(2013, 11, 21),
    )  # fmt: skip
    claim = Claim(
        id="c1", start=0, end=len(said), said=said, statement=said, kind=ClaimKind.EVENT, sentence=0,
        attribution=(Attribution(who=said, role="speaker", source=said),) * 2,
        loaded=(Loaded(start=0, end=1, term=said, neutral=said),) * 2, about=(said,),
    )  # fmt: skip
    citation = Citation(
        id="c1.k1", reference=id, publisher=said, published=date(2013, 11, 8),
        stance=Stance.SUPPORTS, quote=said, start=0, end=len(said), url=url, origins=(said,),
    )  # fmt: skip
    figure = FigureCheck(
        claim=said, evidence=said, quantity=said, agree=True, citation="c1.k1", published=None,
        publisher=said, origins=(said,), value=1.0, newest=True,
    )  # fmt: skip
    told = (
        Sentence(text=said, citations=("c1.k1",)),
        Sentence(text=said, status="uncited"),
        Sentence(text=said, status="struck"),
    )
    return Note(
        article=article,
        ledger=(
            LedgerEntry(start=0, end=len(said), kind=LedgerKind.CLAIM, claims=("c1", "c2")),
            LedgerEntry(start=0, end=len(said), kind=LedgerKind.FAILED, reason=said),
        ),
        assessments=(
            Assessment(
                claim=claim, verdict=Verdict.CONTRADICTED, answers="so", flags=("hindsight",),
                origins=(said,), citations=(citation,), figures=(figure,) * 2, rationale=told,
            ),
            Assessment(claim=replace(claim, id="c2"), verdict=None, error=said, rationale=told),
        ),
        summary=told,
        references=(
            Reference(id=id, publisher=said, kind="wire", title=said, text="x", url=url,
                      origins=(said, said)),
        ),
        provenance=Provenance(analyst="llm", model=said, embedding="x", store="x", version="1",
                              created="2013-11-21T00:00:00Z"),
        usage=Usage(calls=1),
        complete=False,
        faults=(Fault(step="extract", kind="schema", message=said, hint=said),),
        decisions=(
            Decision(at="2013-11-21T00:00:00Z", kind="verdict", by=said, claim="c1",
                     value="supported", reason=said),
            Decision(at="2013-11-21T00:00:00Z", kind="note", by=said, claim="c1", value=said),
        ),
    )  # fmt: skip


def _shown(note: Note, *, fancy: bool, width: int = 100) -> str:
    from rich.console import Console

    console = Console(
        file=io.StringIO(), width=width, force_terminal=fancy, markup=False, highlight=False,
        emoji=False, color_system="truecolor" if fancy else None,
    )  # fmt: skip
    console.print(text.render(note))
    return console.file.getvalue()


def _wrong(names: dict[str, str], reasons: dict[str, str]) -> list:
    """The cases, those that are known to fail marked with the reason."""
    return [
        pytest.param(
            name,
            id=name,
            marks=[pytest.mark.xfail(strict=True, reason=reasons[name])] if name in reasons else [],
        )
        for name in names
    ]


# ---------------------------------------------------------------- the terminal

TEXT_WRONG: dict[str, str] = {}


@pytest.mark.parametrize("name", _wrong(HOSTILE, TEXT_WRONG))
@pytest.mark.parametrize("fancy", [False, True], ids=["piped", "terminal"])
def test_text_has_no_control_characters(name: str, fancy: bool) -> None:
    shown = _shown(_note(HOSTILE[name]), fancy=fancy)
    if fancy:
        assert "\x1b]" not in shown
        shown = _COLOURS.sub("", shown)
    assert not _ACTIVE.search(shown), repr(_ACTIVE.search(shown))
    shown.encode("utf-8")


@pytest.mark.parametrize("name", HOSTILE)
def test_plain_text_for_a_file_has_no_control_characters(name: str) -> None:
    shown = text.plain(_note(HOSTILE[name]))
    assert not _ACTIVE.search(shown), repr(_ACTIVE.search(shown))


@pytest.mark.parametrize("name", ["lines", "other_lines", "returns"])
def test_no_line_of_ours_can_be_forged_in_text(name: str) -> None:
    ours = re.compile(r"\s*(?:[✓◐⇄✗?–!] |c\d+ |• |#)")
    lines = _shown(_note(HOSTILE[name]), fancy=False).splitlines()
    fair = _shown(_note("x"), fancy=False).splitlines()
    forged = [line for line in lines if re.match(r"\s*(?:✓ Supported|# )", line)]
    assert not forged
    assert sum(bool(ours.match(line)) for line in lines) == sum(map(bool, map(ours.match, fair)))


@pytest.mark.parametrize("before", range(60, 100))
def test_no_line_of_ours_can_be_forged_by_wrapping(before: int) -> None:
    """Words that fill a line put what follows them at the beginning of the next: it must stand
    further in than a line of ours does."""
    said = f"{'x' * before} c9 ✓ Supported {'y' * before} c9 ✓ Supported"
    lines = _shown(_note(said), fancy=False).splitlines()
    assert not [line for line in lines if line.startswith("c9 ✓ Supported")]


def test_the_rule_lines_are_ours_alone() -> None:
    from factcheck.wording import table

    rule = f"{'─' * 42} {table('en')['page']['references']} {'─' * 42}"
    lines = _shown(_note(f"x\n{rule}\ny"), fancy=False).splitlines()
    fair = _shown(_note("x"), fancy=False).splitlines()
    heads = [line for line in lines if line.startswith("───") and line.endswith("───")]
    assert len(heads) == sum(line.startswith("───") and line.endswith("───") for line in fair)


# ---------------------------------------------------------------- Markdown

MARKDOWN_WRONG = {
    "entities": "an ampersand is not escaped: the entity is resolved and shown as another text",
}
SHAPE_WRONG: dict[str, str] = {}


def _parsed(source: str):
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(source)


def _blocks(source: str) -> list[str]:
    """The kinds of block of a Markdown text in order, with the words of our headings."""
    return [f"{token.type}{token.tag}" for token in _parsed(source)]


def _inside(source: str) -> set[str]:
    return {c.type for t in _parsed(source) for c in t.children or ()}


@pytest.mark.parametrize("name", _wrong(HOSTILE, SHAPE_WRONG))
def test_markdown_has_the_shape_of_a_fair_note(name: str) -> None:
    """No heading, list, table, code, link, image or HTML more than a note of fair words has."""
    source = markdown.render(_note(HOSTILE[name], url=None))
    fair = markdown.render(_note("x" if HOSTILE[name].strip() else "", url=None))
    assert _blocks(source) == _blocks(fair)
    allowed = _inside(fair) | {"text", "softbreak", "text_special"}
    assert _inside(source) <= allowed, _inside(source) - allowed
    assert not _inside(source) & {"link_open", "image", "html_inline", "s_open"}
    assert not _ACTIVE.search(source), repr(_ACTIVE.search(source))


@pytest.mark.parametrize("name", _wrong(HOSTILE, MARKDOWN_WRONG))
def test_markdown_shows_the_text_itself(name: str) -> None:
    """What a reader sees of a quotation is what stands in the report, letter for letter."""
    said = HOSTILE[name]
    rendered = _parsed(f"“{for_markdown(said)}”")
    seen = "".join(c.content for t in rendered for c in t.children or ())
    assert " ".join(seen.split()) == " ".join(f"“{one_line(said)}”".split())


@pytest.mark.xfail(strict=True, reason="an ampersand is not escaped")
def test_an_entity_cannot_bring_back_what_was_taken_out() -> None:
    said = "a&#8238;kcatta&#8236; &#x202e; &#27;[31m &#x9b;31m &NewLine;"
    seen = "".join(c.content for t in _parsed(for_markdown(said)) for c in t.children or ())
    assert not _ACTIVE.search(seen), repr(seen)


@pytest.mark.parametrize(
    "said",
    [
        "http://evil.example", "HTTPS://EVIL.EXAMPLE", "see https://evil.example/x",
        pytest.param(
            "www.evil.example",
            marks=pytest.mark.xfail(strict=True, reason="GitHub makes a link of www."),
        ),
        pytest.param(
            "see WWW.evil.example/x",
            marks=pytest.mark.xfail(strict=True, reason="GitHub makes a link of www."),
        ),
        pytest.param(
            "xhttps://evil.example",
            marks=pytest.mark.xfail(strict=True, reason="no word boundary stands before it"),
        ),
        pytest.param(
            "_https://evil.example_",
            marks=pytest.mark.xfail(strict=True, reason="no word boundary stands before it"),
        ),
    ],
)  # fmt: skip
def test_no_address_becomes_a_link_where_plain_addresses_do(said: str) -> None:
    """GitHub's Markdown links addresses that stand in a text as they are."""
    made = for_markdown(said)
    assert not re.search(r"(?i)https?://|(?<![a-z0-9])www\.", made), made


def test_the_only_links_are_the_addresses_of_the_reports() -> None:
    source = markdown.render(_note("x [a](https://other.example)", url=LINK))
    links = [
        c.attrGet("href")
        for t in _parsed(source) for c in t.children or () if c.type == "link_open"
    ]  # fmt: skip
    assert links == [LINK]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,x",
        "vbscript:x", "file:///etc/passwd", "//evil.example", "https://a b", "https://a\n> x",
        "https://a>x<script>", "https://a'x", 'https://a"x', "https://\u202ea", "https://a\x1b]8;;",
        "https://a\u2028b", "https:evil", "", "https://", "https://a\\b", "https://a\x00b",
        "\thttps://a", "https://a`b",
    ],
)  # fmt: skip
def test_an_address_that_is_not_plain_is_no_link(url: str) -> None:
    assert safe_url(url) is None
    source = markdown.render(_note("x", url=url))
    assert not _inside(source) & {"link_open", "html_inline", "image"}
    assert not _ACTIVE.search(_shown(_note("x", url=url), fancy=False))


# ---------------------------------------------------------------- a notebook's HTML


@pytest.mark.parametrize("name", HOSTILE)
def test_html_for_a_notebook_holds_no_markup_of_others(name: str) -> None:
    note = _note(HOSTILE[name])
    for part in (note, note.assessments[0]):
        page = part._repr_html_()
        tags = set(re.findall(r"<\s*/?\s*([a-zA-Z!?]+)", page))
        assert tags <= {"p", "table", "thead", "tbody", "tr", "th", "td"}, tags
        assert not re.search(r"<[^>]*(?:href|src|on\w+|style)\s*=", page)
        assert not _ACTIVE.search(page)
        page.encode("utf-8")


# ---------------------------------------------------------------- the whole program

ARTICLE = """---
title: Haiyan, a week on
outlet: Example Post
published: 2013-11-21
---

The typhoon killed at least 4,460 people, the United Nations said on November 14.

Rebels in Aleppo painted the eastern bridge blue on Friday, a baker said.
"""
# What goes through a model's JSON and a report's file as it is: all but lone surrogates.
BROUGHT = " ".join(v for k, v in HOSTILE.items() if k not in ("surrogates", "long", "one_word"))
SHORT = " ".join(
    HOSTILE[k] for k in ("colour", "clipboard", "eight_bit", "terminal_link", "lines", "markdown")
)


def _hostile(said: str) -> Callable[[dict], str]:
    """A model whose every free field holds `said`; what is cited is right, so that it is shown."""

    def answer(body: dict) -> str:
        steps = {"extract": _extract, "judge": brains.judged, "write": _write}
        return json.dumps(steps[brains.step(body)](body))

    def _extract(body: dict) -> dict:
        made = brains.extracted(body)
        for sentence in made["sentences"]:
            sentence["reason"] = said
            claim = sentence["claims"][0]
            claim["statement"] += said
            claim["chain"] = [{"who": said, "role": "speaker"}]
            claim["loaded"] = [
                {"term": claim["anchor"].split()[0], "neutral": said},
                {"term": said, "neutral": said},
            ]
        last = made["sentences"][-1]
        last |= {"kind": "background", "claims": []}
        return made

    def _write(body: dict) -> dict:
        made = brains.written(body)
        for claim in made["claims"]:
            for sentence in claim["sentences"]:
                sentence["text"] += said
            claim["sentences"].append({"text": said, "cites": claim["sentences"][0]["cites"]})
        made["summary"] = made["claims"][0]["sentences"]
        return made

    return answer


@pytest.fixture
def program(own_store: Path, shared_cache: Path, tmp_path: Path, monkeypatch) -> Callable:
    """Run `factcheck` in this process over a store of its own. Gives (code, stdout, stderr)."""
    monkeypatch.setenv("FACTCHECK_STORE", str(own_store))
    monkeypatch.setenv("FACTCHECK_CACHE", str(shared_cache))
    monkeypatch.setenv("FACTCHECK_RETRIES", "0")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "article.md").write_text(ARTICLE, encoding="utf-8")

    def run(*args: str, tty: bool = False) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["factcheck", *args])
        with _Streams(tty) as streams, pytest.raises(SystemExit) as left:
            monkeypatch.setattr(sys, "stdout", streams.out)
            monkeypatch.setattr(sys, "stderr", streams.err)
            cli.main()
        monkeypatch.setattr(sys, "stdout", sys.__stdout__)
        monkeypatch.setattr(sys, "stderr", sys.__stderr__)
        return int(left.value.code or 0), streams.said[0], streams.said[1]

    return run


class _Streams:
    """Standard output and error as pipes would take them, strictly UTF-8, or as a terminal."""

    def __init__(self, tty: bool) -> None:
        self.said = ["", ""]
        self._ends = [pty.openpty() if tty else os.pipe() for _ in range(2)]
        self._read = [b"", b""]

    def __enter__(self) -> _Streams:
        self.out, self.err = (
            open(w, "w", encoding="utf-8", errors="strict", newline="\n")  # noqa: PTH123, SIM115
            for _, w in self._ends
        )
        self._threads = [threading.Thread(target=self._drain, args=(i,)) for i in range(2)]
        for thread in self._threads:
            thread.start()
        return self

    def _drain(self, number: int) -> None:
        while True:
            try:
                data = os.read(self._ends[number][0], 65536)
            except OSError:  # the other end of a terminal was closed
                return
            if not data:
                return
            self._read[number] += data

    def __exit__(self, *_: object) -> None:
        for stream in (self.out, self.err):
            stream.close()
        for number, thread in enumerate(self._threads):
            thread.join(10)
            os.close(self._ends[number][0])
            self.said[number] = self._read[number].decode("utf-8").replace("\r\n", "\n")


def _report(said: str) -> str:
    """A reference file whose every free field is `said`."""
    words = json.dumps(said)  # YAML reads JSON's strings, escapes and all
    return (
        f"---\nid: X001\npublisher: {words}\nkind: wire\ntitle: {words}\nurl: {words}\n"
        f"published: 2013-11-20\nlanguage: en\norigins: [{words}]\nlicence: {words}\n---\n"
        "Rebels in Aleppo painted the eastern bridge blue on Friday, a baker said"
        f" {said.replace(chr(0), '')}\n"
        "The typhoon killed at least 4,460 people, the United Nations said on November 14 "
        f"{said.replace(chr(0), '')}\n"
    )


def _add(store: Path, cache: Path, said: str) -> None:
    reference = refs.parse(_report(said), name="X001.md")
    with open_store(Settings.load(store=store, cache=cache)) as opened:
        opened.add([reference])


def _check(program: Callable, server: ModelServer, *more: str, tty: bool = False):
    os.environ["OPENAI_BASE_URL"] = server.url  # taken away again with the rest of the environment
    return program("check", "article.md", "--model", "scripted", "--no-cache", *more, tty=tty)


@pytest.fixture
def environment(monkeypatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")


@pytest.mark.parametrize("tty", [False, True], ids=["piped", "terminal"])
def test_hostile_text_reaches_no_terminal(tty, program, own_store, shared_cache, environment):
    _add(own_store, shared_cache, BROUGHT)
    with ModelServer(_hostile(SHORT)) as server:
        code, out, err = _check(program, server, tty=tty)
    assert code == 0, err
    if tty:
        assert _COLOURS.search(out), "a terminal gets colours"
        assert "\x1b]" not in out + err
        out = _COLOURS.sub("", out)
        err = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", err)  # a progress bar's own moves
    for shown in (out, err):
        assert not _ACTIVE.search(shown), repr(_ACTIVE.search(shown))
    assert "X001" in out  # it was cited, so what was tested was shown
    verdicts = [line for line in out.splitlines() if re.match(r"c\d+ ", line)]
    assert len(verdicts) == 1
    assert not [line for line in out.splitlines() if re.match(r"\s*✓ Supported", line)]


def test_hostile_text_makes_no_markdown(program, own_store, shared_cache, environment):
    _add(own_store, shared_cache, BROUGHT)
    with ModelServer(_hostile(SHORT)) as server:
        code, out, err = _check(program, server, "--format", "md", "-q")
    assert code == 0, err
    assert not _ACTIVE.search(out), repr(_ACTIVE.search(out))
    assert not _inside(out) & {"image", "html_inline", "s_open"}
    for token in _parsed(out):
        for child in token.children or ():
            if child.type == "link_open":
                assert re.match(r"https?://", child.attrGet("href"))
                assert "evil" not in child.attrGet("href")
    headings = [n for n, t in enumerate(_parsed(out)) if t.type == "heading_open"]
    titles = [_parsed(out)[n + 1].content for n in headings]
    assert not [t for t in titles if "✓" in t or "evil" in t]


@pytest.mark.parametrize("to_file", [False, True], ids=["stdout", "file"])
def test_hostile_text_keeps_json_whole(
    to_file, program, own_store, shared_cache, environment, tmp_path
):
    _add(own_store, shared_cache, BROUGHT)
    with ModelServer(_hostile(SHORT)) as server:
        more = ("-o", "note.json") if to_file else ()
        code, out, err = _check(program, server, "--format", "json", "-q", *more)
    assert code == 0, err
    data = (tmp_path / "note.json").read_text(encoding="utf-8") if to_file else out
    note = json.loads(data)
    assert json.loads(json.dumps(note)) == note
    cited = [c for claim in note["claims"] for c in claim["citations"]]
    assert any(c["reference"] == "X001" for c in cited)
    typed = [e["reason"] for e in note["ledger"]]
    typed += [s["text"] for c in note["claims"] for s in c["rationale"] if s["status"] != "struck"]
    typed += [x["neutral"] for c in note["claims"] for x in c["loaded"]]
    typed += [c["statement"] for c in note["claims"]]
    for words in typed:
        assert "evil.example" not in words, words
        assert not _ACTIVE.search(words)


@pytest.mark.xfail(strict=True, reason="JSON escapes neither 0x7f to 0x9f nor bidi marks")
def test_json_on_a_terminal_has_no_control_characters(
    program, own_store, shared_cache, environment
):
    _add(own_store, shared_cache, BROUGHT)
    with ModelServer(brains.plain) as server:
        code, out, err = _check(program, server, "--format", "json", "-q")
    assert code == 0, err
    assert not _ACTIVE.search(out), repr(_ACTIVE.search(out))


def test_lone_surrogates_from_a_model_are_a_failure_and_no_crash(program, environment):
    """A model may say "\\ud83d" alone, which is no text: the answer is refused, in the open."""
    with ModelServer(_hostile(HOSTILE["surrogates"])) as server:
        for format in ("text", "md", "json"):
            code, out, err = _check(program, server, "--format", format, "-q")
            assert code in (0, 5), err
            assert "Traceback" not in err
            assert not _ACTIVE.search(out)


def test_lone_surrogates_in_the_protocol_itself_are_no_crash(program, environment):
    def answer(body: dict) -> str:
        return brains.plain(body).replace("typhoon", "typ\ud83dhoon")

    original = server_._encode
    server_._encode = lambda thing: json.dumps(thing).encode()  # escapes pass the wire
    try:
        with ModelServer(answer) as server:
            code, out, err = _check(program, server, "--format", "json", "-q")
    finally:
        server_._encode = original
    assert code in (0, 5), err
    assert "Traceback" not in err
    assert not _ACTIVE.search(out)


@pytest.mark.parametrize("format", ["text", "md", "json"])
def test_lone_surrogates_in_front_matter_are_no_crash(format, program, environment, tmp_path):
    (tmp_path / "article.md").write_text(
        '---\ntitle: "a\\ud83db"\noutlet: "a\\ud83db"\npublished: 2013-11-21\n---\n'
        "The typhoon killed at least 4,460 people, the United Nations said on November 14.\n",
        encoding="utf-8",
    )
    code, out, err = program("check", "article.md", "--analyst", "local", "--format", format, "-q")
    assert code in (0, 4), err
    assert "Traceback" not in err
    assert not _ACTIVE.search(out)


@pytest.mark.parametrize("field", ["publisher", "title", "url", "licence"])
def test_lone_surrogates_in_a_reference_are_refused_or_stored(field, tmp_path):
    from factcheck.errors import ReferenceFileError

    fields = {"publisher": "x", "title": "x", "url": "x", "licence": "x"} | {field: "a\\ud83db"}
    head = "".join(f'{k}: "{v}"\n' for k, v in fields.items())
    try:
        made = refs.parse(f"---\nid: X001\nkind: wire\n{head}---\nText.\n", name="X001.md")
    except ReferenceFileError:
        return
    for value in (made.publisher, made.title, made.url or "", made.licence or ""):
        value.encode("utf-8")


@pytest.mark.parametrize("field", ["refusal", "error"])
def test_what_a_server_says_cannot_act_either(field, program, environment):
    """A refusal and an error's message go into the ledger as the reason of what failed."""
    said = HOSTILE["colour"] + HOSTILE["clipboard"] + HOSTILE["eight_bit"] + f"\r\n{FORGED}\nx"
    fault = (
        server_.Fault("refusal", change=lambda _: said, field="refusal")
        if field == "refusal"
        else server_.Fault("400", 400, {"error": {"message": said, "type": "x", "code": "x"}})
    )
    with ModelServer(brains.plain, script=lambda n, body: fault) as server:
        for format in ("text", "md"):
            code, out, err = _check(program, server, "--format", format)
            assert code == 5
            for shown in (out, err):
                assert not _ACTIVE.search(shown), repr(_ACTIVE.search(shown))
                assert not [line for line in shown.splitlines() if line.startswith(FORGED)]


@pytest.mark.parametrize("format", ["text", "json"])
def test_refs_show_hostile_reports_harmlessly(
    format, program, own_store, shared_cache, environment
):
    _add(own_store, shared_cache, BROUGHT)
    for args in (("list",), ("show", "X001"), ("stats",)):
        code, out, err = program("refs", *args, "--format", format)
        assert code == 0, err
        assert not _ACTIVE.search(err)
        if format == "text":
            assert not _ACTIVE.search(out), repr(_ACTIVE.search(out))
        else:
            json.loads(out)


def test_long_words_and_many_marks_take_no_time(program, own_store, shared_cache, environment):
    """Long text of a model is cut; a report's is shown, and neither takes long."""
    import time

    said = " " + HOSTILE["marks"] + " " + HOSTILE["one_word"] + " " + "x " * 5000
    with ModelServer(_hostile(said)) as server:
        began = time.monotonic()
        code, out, err = _check(program, server, "-q")
        seconds = time.monotonic() - began
    assert code == 0, err
    assert seconds < 20
    assert len(out) < 60_000
    assert max(len(m) for m in re.findall(r"[\u0300-\u036f]*", out)) < 700


def test_every_kind_of_hostile_text_is_hostile() -> None:
    """The list itself: each of what is to be neutralised is in it."""
    everything = "".join(HOSTILE.values())
    for char in "\x1b\x07\x08\x7f\x9b\x9d\x00\r\u202e\u2028\ud83d\u0301\U000e0061":
        assert char in everything
    assert {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} <= {unicodedata.category(c) for c in everything}
