"""Words that try to act where they are shown, records that hold them in every field, and what an output
must be like all the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import Any

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
)  # fmt: skip

LINK = "https://evil.example/x"
# How lines of ours begin, on one screen or another. Each holds the word by which a forgery is known.
FORGED = (
    "c9 ✓ Supported (forged)", "factcheck: forged", "──── References (forged) ────", "• forged",
    "publisher: forged", "Analyst: forged", "# forged", "> forged", "9 ✓ Supported forged",
)  # fmt: skip
_LINES = "\n".join(FORGED)
HOSTILE = {
    "colours and cursor": "\x1b[31mred\x1b[0m \x1b[2J\x1b[1;1H\x1b[?25l up \x1b[3A \x1bc",
    "OSC 52, the clipboard": "\x1b]52;c;aGVsbG8=\x07 \x1b]52;c;aGVsbG8=\x1b\\",
    "OSC 8, a link": f"\x1b]8;;{LINK}\x1b\\click\x1b]8;;\x1b\\ \x1b]0;title\x07 \x1bP+q\x1b\\",
    "C1 controls": "\x9b31mred \x9d52;c;aGVsbG8=\x9c \x90q\x9c \x7f\a\b",
    "NUL": "a\0b\x00",
    "bidi": "\u202ekcatta\u202c \u2066a\u2069 \u2067b \u2068c \u202ad \u200f\u200e \u061c",
    "bidi around right-to-left words": "\u202e قال الوزير \u2066 إن 12 شخصا قتلوا",
    "zero-width": "a\u200bb\ufeffc\u00add\u2060" + "".join(chr(0xE0000 + ord(c)) for c in "attack"),
    "lone surrogates": "a\ud83db \udc00",
    "private and no characters": "\ue000\U0010fffd \ufffe\uffff",
    "combining marks": "e" + "\u0301" * 5000 + " a" + "\u20dd" * 500,
    "rich markup": f"[bold red]x[/] [link={LINK}]y[/link] [/] [[ :warning: {{x}} %s",
    "script tags": "<script>alert(1)</script><svg/onload=alert(1)><!-- x --><![CDATA[x]]><?php ?>",
    "event handlers": "<img src=x onerror=alert(1)>\" onclick=\"alert(1)' onfocus='alert(1)</td></p>",
    "links": "<a href='javascript:alert(1)'>x</a> javascript:alert(1) data:text/html,x vbscript:x",
    "Markdown": f"[a]({LINK}) ![b]({LINK}.png) <{LINK}> [c][d] *g* **i** ~~j~~ `k` $x$ \\(x\\)\n\n"
    f"[d]: {LINK}\n[^1]: x\n\n[a](javascript:alert(1))",
    "bare addresses": f"{LINK} {LINK.upper()} www.evil.example x@evil.example x{LINK} _{LINK}_",
    "entities": "&#91;x&#93;&#40;javascript&#58;x&#41; &lt;script&gt; &#8238;kcatta &#x9b;31m &NewLine;",
    "a heading": "# forged",
    "a quotation": "> forged",
    "a list": "- forged",
    "a numbered list": "1. forged",
    "code": "    indented",
    "a fence": "```\nx\n```\n~~~",
    "a rule": "---",
    "a table": "| a | b |\n|---|---|\n| c | d |",
    "a backslash at the end": "x\\",
    "lines": f"x\n{_LINES}\n\ny",
    "lines by carriage return": f"x\r{_LINES}".replace("\n", "\r"),
    "lines by CRLF": f"x\r\n{_LINES}".replace("\n", "\r\n"),
    "lines by form feed": f"x\f{_LINES}".replace("\n", "\f"),
    "lines by separators": "x\u2028" + "\u2029".join(FORGED) + "\x85" + "\x0b".join(FORGED),
    "lines by wrapping": " ".join(f"{'y' * n} {f}" for n in range(40, 100, 3) for f in FORGED),
    "nothing": "",
    "blanks": " \n\t ",
    "a long word": "x" * 20_000,
    "emoji": "👩‍👩‍👧‍👦 🇮🇩 ✓",
}  # fmt: skip
EVERYTHING = " ".join(
    v[:150] for k, v in HOSTILE.items() if k not in ("a long word", "lone surrogates")
)
HOSTILE["everything"] = EVERYTHING
FAIR = "fair words"
Body = dict[str, Any]
Words = Callable[[str], str]  # a field's name -> the words in it


def note(words: Words, url: str | None = None) -> Note:
    """A note in which every text from outside is what `words` gives for its field."""
    w, said = words, words("text") or "x"
    ids = w("ids")
    article = Article(
        text=said, sha256="0" * 64, title=w("title"), outlet=w("outlet"), url=w("article url"),
        language="en", published=date(2013, 11, 21),
    )  # fmt: skip
    claim = Claim(
        id=f"c1{ids}", start=0, end=len(said), said=said, statement=w("statement"), sentence=0,
        kind=ClaimKind.EVENT, about=(w("about"),),
        attribution=(Attribution(who=w("who"), role="speaker", source=w("source")),) * 2,
        loaded=(Loaded(start=0, end=1, term=w("term"), neutral=w("neutral")),) * 2,
    )  # fmt: skip
    citation = Citation(
        id=f"c1.k1{ids}", reference=f"X1{ids}", publisher=w("publisher"), published=date(2013, 11, 8),
        stance=Stance.SUPPORTS, quote=w("quote"), start=0, end=1, url=url or w("url"),
        origins=(w("origins"),),
    )  # fmt: skip
    figure = FigureCheck(
        claim=w("figure"), evidence=w("evidence"), quantity=w("quantity"), agree=True,
        citation=f"c1.k1{ids}", published=None, publisher=w("publisher"), value=1.0, newest=True,
        origins=(w("origins"),),
    )  # fmt: skip
    told = (
        Sentence(text=w("explanation"), citations=(f"c1.k1{ids}",)),
        Sentence(text=w("summary"), status="uncited"),
    )
    made = Assessment(
        claim=claim, verdict=Verdict.CONTRADICTED, flags=("hindsight", f"x{ids}"), rule=f"r{ids}",
        origins=(w("origins"),), citations=(citation,), figures=(figure,) * 2, rationale=told,
        nearest=(f"X1{ids}",), searched=1,
    )  # fmt: skip
    failed = Assessment(
        claim=replace(claim, id="c2"), verdict=None, error=w("error"), rationale=told
    )
    return Note(
        article=article,
        ledger=(
            LedgerEntry(start=0, end=len(said), kind=LedgerKind.CLAIM, claims=("c1", "c2")),
            LedgerEntry(start=0, end=len(said), kind=LedgerKind.FAILED, reason=w("reason")),
        ),
        assessments=(made, failed),
        summary=told,
        references=(reference(words, url=url, id=f"X1{ids}"),),
        provenance=Provenance(
            analyst="llm", model=w("model"), embedding="x", store=f"s{ids}", version="1",
            created=f"2013{ids}",
        ),
        usage=Usage(calls=1),
        complete=False,
        faults=(Fault(step="extract", kind="schema", message=w("fault"), hint=w("hint")),),
        decisions=(
            Decision(at=f"2013{ids}", kind="sign", by=w("editor")),
            Decision(at="2013", kind="verdict", by=w("editor"), claim=claim.id, value="supported",
                     reason=w("remark")),
            Decision(at="2013", kind="note", by=w("editor"), claim=claim.id, value=w("remark")),
        ),
    )  # fmt: skip


def reference(words: Words, url: str | None = None, id: str = "X1") -> Reference:
    w = words
    return Reference(
        id=id, publisher=w("publisher"), kind="wire", title=w("title"), text=w("report") or "x",
        url=url or w("url"), origins=(w("origins"), w("origins")), licence=w("licence"),
        language=w("language"), published=date(2013, 11, 15), tags=(w("tags"),),
        countries=(w("countries"),), archive_url=w("url"),
    )  # fmt: skip


# ---------------------------------------------------------------- what comes in from outside

# A file's name, a model's name: what a file system and an environment take.
NAME = "\x1b[31m\x1b]52;c;x\x07\nfactcheck: forged\u202e\x9b[bold]<b>*`"
OPTION = NAME.replace(
    "\u202e", ""
)  # the library that reads options shows direction marks as they are
CITED = "The typhoon killed at least 4,460 people, the United Nations said on November 14."
_TYPED = "".join(c for c in EVERYTHING[:900] if c >= " " or c in "\n\t\x1b")  # else it is binary
BODY = f"{CITED}\n\nRebels painted the eastern bridge blue. {_TYPED}"
_HEAD = json.dumps(EVERYTHING)  # YAML reads the halves of letters one by one
ARTICLE = (
    f"---\ntitle: {_HEAD}\noutlet: {_HEAD}\nurl: {_HEAD}\npublished: 2013-11-21\n---\n{BODY}\n"
)


def model(said: str) -> Callable[[str, Body, Body], Body | None]:
    """A model that says it in every free field; what it points at is right, so that it is shown."""

    def change(step: str, body: Body, good: Body) -> str | None:
        if step == "extract":
            for sentence in good["sentences"]:
                claim = sentence["claims"][0]
                sentence["reason"] = said
                claim["statement"] += said
                claim["chain"] = [{"who": said, "role": "speaker"}]
                claim["loaded"] = [
                    {"term": "typhoon", "neutral": said},
                    {"term": said, "neutral": said},
                ]
            good["sentences"][-1] |= {"kind": "background", "claims": []}
        if step == "write":
            for claim in good["claims"]:
                claim["sentences"] += [{"text": said, "cites": claim["sentences"][0]["cites"]}]
            good["summary"] += [s for c in good["claims"] for s in c["sentences"]]
        return json.dumps(good)  # halves of letters as escapes, which the wire can carry

    return change


# ---------------------------------------------------------------- what an output must be like

_ACTIVE = re.compile(  # acts on a screen, hides, or turns the order of letters round
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e01ef\U000f0000-\U0010ffff]"
)
_OURS = re.compile(r"\x1b\[[0-9;]*m")  # of our own: what rich makes of our styles
_ISOLATED = re.compile("\u2068([^\u2066-\u2069]*)\u2069")  # right-to-left words, set apart by us
_TOWER = re.compile("[\u0300-\u036f\u20d0-\u20ff]{9}")
_LINKED = re.compile(r"(?i)https?://|\bwww\.\w|\w@\w|\b(?:javascript|data|vbscript|file):")


def inactive(shown: str) -> None:
    assert not (found := _ACTIVE.search(shown)), _around(shown, found)
    shown.encode("utf-8")


def terminal(shown: str, fair: str) -> None:
    """Plain lines: nothing acts, and none that outside words begin begins like one of ours."""
    inactive(_ISOLATED.sub(r"\1", shown))
    assert not (found := _TOWER.search(shown)), _around(shown, found)
    for line in shown.splitlines():
        assert not line.startswith(FORGED), line


def coloured(shown: str, fair: str) -> None:
    assert _OURS.search(shown), "a terminal gets colours"
    terminal(_OURS.sub("", shown), fair)


def markdown(shown: str, fair: str) -> None:
    """The blocks of a note of fair words, no more; no link, image or HTML; no address made a link."""
    inactive(shown)
    blocks, inside = _parsed(shown)
    fair_blocks, fair_inside = _parsed(fair)
    assert blocks == fair_blocks
    assert {t for t, _ in inside} <= {t for t, _ in fair_inside} | {"text", "text_special"}
    inactive("".join(text for _, text in inside))
    assert not (found := _LINKED.search(shown)), _around(shown, found)


def _parsed(source: str) -> tuple[list[str], list[tuple[str, str]]]:
    from markdown_it import MarkdownIt

    rules = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = rules.parse(source)
    inside = [
        (c.type, c.content) for t in tokens for c in t.children or () if c.type != "softbreak"
    ]
    return [f"{t.type} {t.tag} {t.markup}" for t in tokens], inside


def no_markup(shown: str, fair: str) -> None:
    """The same without a fair note to compare with; addresses of our own reports are links."""
    shown = re.sub(r"(?m) <https?://[^>\s]+>$", lambda m: m[0] if "evil" in m[0] else "", shown)
    markdown(shown, shown)
    titles = [line for line in shown.splitlines() if line.startswith("#")]
    assert not [line for line in titles if "forged" in line]


def whole(shown: str, fair: str) -> None:
    """JSON that can be read, in which nothing acts before it is."""
    inactive(shown)
    assert json.loads(shown)


def json_text(shown: str, fair: str) -> None:
    """Whole JSON of the same shape, in which nothing acts before it is read."""
    inactive(shown)
    assert _shape(json.loads(shown)) == _shape(json.loads(fair))


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return [_shape(v) for v in value.values()]  # keys may be words from outside
    return [_shape(v) for v in value] if isinstance(value, list) else type(value)


def html(shown: str, fair: str) -> None:
    """The tags and attributes of a page of fair words, one for one."""
    inactive(unescape(shown))
    assert _tags(shown) == _tags(fair)


def _tags(page: str) -> list[object]:
    found: list[object] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, attrs))

        def handle_endtag(self, tag: str) -> None:
            found.append(tag)

        def handle_comment(self, data: str) -> None:
            found.append(("comment", data))

        handle_decl = handle_pi = unknown_decl = handle_comment

    Reader(convert_charrefs=True).feed(page)
    return found


def _around(shown: str, found: re.Match[str] | None) -> str:
    assert found
    return repr(shown[max(0, found.start() - 60) : found.end() + 60])
