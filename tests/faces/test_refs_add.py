"""`factcheck refs add` of every kind of file, and `factcheck check` of articles in every kind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fetch.server import Site
from tests.fetch.server import page as answer
from tests.readers import build

Cli = Callable[..., Any]
Refused = Callable[..., Any]

SNOW = "Snow fell on Arsal on Friday, 13 December 2013."
TENTS = "In Arsal 2,345 tents were blown down by the storm, Example Relief said."
FILLER = ("Example Relief works in the north of the country.", "Its report covers one week.")


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def report(work: Path) -> Path:
    """A PDF of three pages; the sentence on the tents is on the third."""
    path = work / "report.pdf"
    path.write_bytes(build.pdf([FILLER, (SNOW,), (TENTS,)], info=b"/Title (Snow in Arsal)"))
    return path


ADD = ("refs", "add", "report.pdf", "--publisher", "Example Relief", "--published", "2013-12-14")


def test_a_pdf_is_added_shown_and_cited_with_its_page(
    own_cli: Cli, report: Path, work: Path
) -> None:
    ran = own_cli(*ADD, "--id", "PDF1", "--origins", "UNHCR, OCHA", "--tag", "winter", "--country", "LB",
                  "--kind", "ngo", "--event-date", "2013-12-13", "--language", "en")  # fmt: skip
    assert (ran.code, ran.out) == (0, "1 new, 0 changed, 0 unchanged.\n")
    assert own_cli(*ADD, "--id", "PDF1").out == "0 new, 1 changed, 0 unchanged.\n"
    row = json.loads(own_cli("refs", "show", "PDF1", "--format", "json").out)
    assert (row["title"], row["kind"], row["published"]) == ("Snow in Arsal", "other", "2013-12-14")

    article = b"In Arsal 2,345 tents were blown down by the storm, Example Relief said."
    for lang, page in (("en", "p. 3"), ("id", "hlm. 3")):
        ran = own_cli(
            "check", "-", "--published", "2013-12-20", "--lang", lang, "-q", stdin=article
        )
        assert f", {page}; PDF1)" in " ".join(ran.out.split()), ran.out
        ran = own_cli("check", "-", "--published", "2013-12-20", "--lang", lang, "-q", "--format", "md",
                      stdin=article)  # fmt: skip
        assert f", {page}; PDF1)" in ran.out
    ran = own_cli(
        "check", "-", "--published", "2013-12-20", "-q", "--format", "json", stdin=article
    )
    cited = [k for c in json.loads(ran.out)["claims"] for k in c["citations"]]
    assert {k["page"] for k in cited if k["reference"] == "PDF1"} == {3}


def test_a_report_is_shown_with_all_that_is_known_of_it(
    own_cli: Cli, report: Path, work: Path
) -> None:
    own_cli(*ADD, "--id", "PDF1", "--tag", "winter", "--tag", "relief", "--country", "LB")
    shown = own_cli("refs", "show", "PDF1").out.splitlines()
    assert {"tags: winter, relief", "countries: LB", "pages: 3"} <= set(shown), shown
    assert any(line.startswith("retrieved: 20") for line in shown), shown
    assert not any(line.startswith("archive_url:") for line in shown)
    (work / "r.jsonl").write_text(
        json.dumps({
            "id": "KEPT", "publisher": "Example Relief", "title": "Tents", "published": "2013-12-14",
            "text": TENTS, "archive_url": "https://archive.example.org/1",
        }) + "\n"
    )  # fmt: skip
    assert own_cli("refs", "add", "r.jsonl").code == 0
    shown = own_cli("refs", "show", "KEPT").out.splitlines()
    assert "archive_url: https://archive.example.org/1" in shown
    assert not any(line.startswith(("pages:", "tags:", "countries:")) for line in shown)
    row = json.loads(own_cli("refs", "show", "KEPT", "--format", "json").out)
    assert row["source_sha256"] and row["origins_from"] is None
    assert own_cli("refs", "edit", "KEPT", "--origins", "UNHCR").code == 0
    assert "origins_from: edited" in own_cli("refs", "show", "KEPT").out.splitlines()
    assert (row["tags"], row["countries"], row["pages"]) == ([], [], 0)


def test_the_conversation_shows_the_page(own_cli: Cli, report: Path, work: Path) -> None:
    own_cli(*ADD, "--id", "PDF1")
    (work / "a.md").write_text(f"---\npublished: 2013-12-20\n---\n{TENTS}\n")
    ran = own_cli("chat", "--plain", "a.md", stdin=b"/evidence 1\n")
    assert ", p. 3; PDF1" in ran.out, ran.out + ran.err


def test_what_is_missing_is_named_with_its_flag(refused: Refused, report: Path) -> None:
    ran = refused(4, "refs", "add", "report.pdf", "--published", "2013-12-14",
                  says="report.pdf: the field `publisher` is missing")  # fmt: skip
    assert "--publisher" in ran.err
    ran = refused(4, "refs", "add", "report.pdf", "--publisher", "P",
                  says="report.pdf: the field `published` is missing")  # fmt: skip
    assert "--published" in ran.err and "--allow-undated" in ran.err


def test_an_undated_report_is_said_to_be_one(own_cli: Cli, report: Path) -> None:
    ran = own_cli("refs", "add", "report.pdf", "--publisher", "P", "--id", "U1", "--allow-undated")
    assert ran.code == 0 and "Undated, and so never the current word (1): U1" in ran.err


def test_a_table_with_mapped_columns(own_cli: Cli, work: Path) -> None:
    (work / "t.csv").write_text(f'k,who,when,what,x\nS1,Example Relief,2013-12-14,"{SNOW}",y\n')
    args = (
        "refs",
        "add",
        "t.csv",
        "--map",
        "id=k,publisher=who",
        "--map",
        "published=when, text=what",
    )
    ran = own_cli(*args, "--title", "Snow")
    assert (ran.code, ran.out) == (0, "1 new, 0 changed, 0 unchanged.\n"), ran.err
    assert "t.csv, line 2: id from `k`" in ran.err and "not read: `x`" in ran.err
    assert own_cli(*args, "--title", "Snow").out == "0 new, 0 changed, 1 unchanged.\n"
    assert SNOW in own_cli("refs", "show", "S1").out


@pytest.mark.parametrize("value", ["title", "title=", "=b", "title=a,,"])
def test_a_map_that_is_none(refused: Refused, report: Path, value: str) -> None:
    refused(2, "refs", "add", "report.pdf", "--map", value, says="--map")


@pytest.mark.parametrize(
    ("option", "value"),
    [("--published", "soon"), ("--event-date", "2013-13-01"), ("--encoding", "klingon")],
)
def test_a_bad_option(refused: Refused, work: Path, option: str, value: str) -> None:
    (work / "a.txt").write_text(SNOW)
    refused(2, "refs", "add", "a.txt", option, value, says=f"`{value}`")


# ---------------------------------------------------------------- many


@pytest.fixture
def mixed(work: Path) -> Path:
    for n in range(3):
        text = f"---\nid: M{n}\npublisher: P\ntitle: T\npublished: 2013-12-1{n}\n---\nIt was so.\n"
        (work / f"good{n}.md").write_text(text)
    for n in range(25):
        (work / f"wrong{n:02}.md").write_text("---\ntitle: 'x\n---\ny")
    (work / "image.png").write_bytes(b"\x89PNG")
    return work


def test_errors_are_told_together_and_nothing_is_added(
    refused: Refused, own_cli: Cli, mixed: Path
) -> None:
    ran = refused(4, "refs", "add", ".", says="wrong00.md, line 2", via=own_cli)
    assert ran.err.count("broken front matter") == 20
    assert "25 of 28 reports cannot be read; nothing was added (5 more than are shown)" in ran.err
    assert "--skip-broken" in ran.err and "Passed over, of no known kind (1): image.png" in ran.err
    assert own_cli("refs", "show", "M0").code == 4


def test_the_others_are_added_where_that_is_asked(own_cli: Cli, mixed: Path) -> None:
    ran = own_cli("refs", "add", ".", "--skip-broken")
    assert (ran.code, ran.out) == (4, "3 new, 0 changed, 0 unchanged.\n")
    assert "25 reports could not be read and were not added" in ran.err
    assert own_cli("refs", "show", "M2").code == 0


def test_names_of_files_cannot_paint_the_terminal(own_cli: Cli, work: Path) -> None:
    (work / "a.md").write_text("---\npublisher: P\ntitle: T\nid: P1\n---\nIt was so.\n")
    (work / "\x1b[31mx\nfactcheck: all is well.png").write_bytes(b"x")
    (work / "\x1b[31my.md").write_text("---\ntitle: 'x\n---\n")
    ran = own_cli("refs", "add", ".", "--skip-broken")
    assert ran.code == 4 and "\x1b" not in ran.err
    assert not any(line.startswith("factcheck: all is well") for line in ran.err.splitlines())


# ---------------------------------------------------------------- addresses


def test_a_report_at_an_address(own_cli: Cli, site: Site) -> None:
    site.answers["/snow"] = answer(
        build.page(
            SNOW, TENTS, head='<meta name="date" content="2013-12-14">', title="Snow in Arsal"
        )
    )
    ran = own_cli("refs", "add", site.url("/snow"), "--publisher", "Example Relief")
    assert ran.code == 4 and "--allow-local" in ran.err
    ran = own_cli("refs", "add", site.url("/snow"), "--publisher", "Example Relief", "--allow-local",
                  "--id", "W1")  # fmt: skip
    assert (ran.code, ran.out) == (0, "1 new, 0 changed, 0 unchanged.\n"), ran.err
    assert site.url("/snow") in own_cli("refs", "show", "W1").out


@pytest.mark.parametrize("kind", ["pdf", "docx", "eml", "html", "address"])
def test_articles_of_every_kind(cli: Cli, work: Path, site: Site, kind: str) -> None:
    said = "The typhoon killed at least 4,460 people, the United Nations said on November 14."
    page = build.page(
        said, head='<meta property="og:site_name" content="Example Post">', title="A week on"
    )
    data = {
        "pdf": build.pdf([(said,)], info=b"/Title (A week on)"),
        "docx": build.docx(said, title="A week on"),
        "eml": build.mail(
            said, Subject="A week on", Date="Thu, 21 Nov 2013 09:00:00 +0800"
        ).as_bytes(),
        "html": page,
        "address": page,
    }[kind]
    args = ("--allow-local",) if kind == "address" else ()
    source = site.url("/a") if kind == "address" else f"article.{kind}"
    site.answers["/a"] = answer(data)
    (work / f"article.{kind}").write_bytes(data)
    ran = cli("check", source, "--published", "2013-11-21", "-q", "--format", "json", *args)
    assert ran.code == 0, ran.err
    article = json.loads(ran.out)["article"]
    assert article["sha256"] == hashlib.sha256(data).hexdigest()
    assert (article["title"], article["text"].strip()) == ("A week on", said)
    if kind == "address":
        assert (article["url"], article["outlet"]) == (source, "Example Post")


def test_an_address_on_this_machine_is_refused(refused: Refused, site: Site) -> None:
    refused(4, "check", site.url("/a"), says="127.0.0.1")
    assert site.asked == []
