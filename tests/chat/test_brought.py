"""What a conversation is given from outside: articles and reports, and which reports it looks at."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from tests.chat.conftest import QUESTION, REPORT, Desk, MakeDesk, Once, Said
from tests.fetch.server import Site
from tests.fetch.server import page as answer

# ---------------------------------------------------------------- what is opened and added

PAGE = """<html lang="en"><head><title>{title}</title><meta property="og:site_name" content="{by}">
<meta property="article:published_time" content="{day}T08:00:00Z"></head><body><article><h1>{title}</h1>
<p>{text}</p></article></body></html>"""
NEWS = "Typhoon Haiyan displaced more than 900,000 people in the Philippines, the mayor said on Monday."
SAMPLE = "Rice doubled in price at the market of Example Town, three traders said on Monday."


@pytest.fixture(scope="module")
def brought(new_desk: MakeDesk, once: Once) -> Said:
    """Articles and reports from addresses, folders, patterns and bare files, in one conversation."""
    return once("brought", lambda: _brought(new_desk(own=True)))


def _brought(desk: Desk) -> Said:
    for name, id in (("a.md", "Y1"), ("b.md", "Y2"), ("c.md", "Y3"), ("two words.md", "Y4")):
        (desk.folder / "more").mkdir(exist_ok=True)
        desk.write(f"more/{name}", REPORT.replace("X900", id).replace("900,000", f"{id[1]}10,000"))
    desk.write("more/c.md", "---\nid: Y3\ntitle: Half a report\n---\n\nNobody says who wrote it.\n")
    desk.write("more/sheet.xyz", "?")
    desk.write("bare.txt", SAMPLE)
    site = Site()
    try:
        news = PAGE.format(
            title="Haiyan", by="Example Post", day="2013-11-19", text=f"{NEWS} {NEWS}"
        )
        site.answers["/news"] = site.answers["/again"] = answer(news)
        undated = PAGE.format(title="Rice", by="", day="", text=f"{SAMPLE} {SAMPLE}")
        site.answers["/rice"] = answer(undated)
        lines = (
            "/open {site}/news", "/claims", "/add {site}/rice",
            "/add {site}/rice --publisher 'Example Radio' --published 2013-11-18 --id Z1", "/refs Z1",
            "/add more", "/refs Y", "/add more --skip-broken", "/refs Y",
            "/add more/two words.md", '/add "more/[ab].md" more/nowhere.md', '/add "more/[ab].md"',
            '/add bare.txt --publisher=Example --title "Rice in town" --published 2013-11-20 --tag rice,food',
            "/refs rice in town", "/open {site}/nothing",
            "/open bare.txt --published 2013-11-30 --title 'Rice again' --outlet Example",
        )  # fmt: skip
        said = desk.pipe(*(x.replace("{site}", site.url("")) for x in lines), together=True,
                         arguments=("--plain", "--allow-local"))  # fmt: skip
    finally:
        site.close()
    return replace(said, out=said.out.replace(site.url(""), "{site}"), lines=lines)


def test_an_article_from_an_address(brought: Said) -> None:
    assert "Article: Haiyan · en · 19 November 2013" in brought.after("/open {site}/news")
    assert "Typhoon Haiyan displaced" in brought.after("/claims")
    assert "factcheck: " in brought.after("/open {site}/nothing")


def test_flags_say_what_an_article_does_not(brought: Said) -> None:
    opened = brought.after(brought.lines[-1])
    assert "Article: Rice again · en · 30 November 2013" in opened


def test_a_report_from_an_address_wants_what_it_does_not_state(brought: Said) -> None:
    refused, taken = (brought.after(x) for x in brought.lines[2:4])
    assert "the field `publisher` is missing" in refused
    assert "--publisher" in refused
    assert "1 new, 0 changed, 0 unchanged." in taken
    assert "Z1  2013-11-18  Example Radio: Rice" in brought.after("/refs Z1")


def test_a_folder_with_a_broken_report_adds_nothing_unless_told(brought: Said) -> None:
    asked, sure = brought.after("/add more"), brought.after("/add more --skip-broken")
    for said in (asked, sure):
        assert "c.md" in said and "`publisher` is missing" in said
        assert "Add `publisher:` to the front matter, or give --publisher." in said
        assert "Passed over, of no known kind (1): more/sheet.xyz" in said
        assert "Reports that cannot be read: 1 of 4." in said
    assert "Add the others all the same? [y/N] no" in asked
    assert "Nothing was added." in asked
    assert not re.search(r"^Y\d ", brought.after("/refs Y"), re.MULTILINE)
    assert "3 new, 0 changed, 0 unchanged." in sure
    added = brought.after("/refs Y", 2)
    assert all(re.search(rf"^Y{n} +2013-11-15", added, re.MULTILINE) for n in (1, 2, 4)), added


def test_names_with_spaces_and_patterns(brought: Said) -> None:
    assert "0 new, 0 changed, 1 unchanged." in brought.after("/add more/two words.md")
    assert "more/nowhere.md does not exist" in brought.after('/add "more/[ab].md" more/nowhere.md')
    assert "0 new, 0 changed, 2 unchanged." in brought.after('/add "more/[ab].md"')


def test_flags_say_what_a_report_does_not(brought: Said) -> None:
    assert "1 new, 0 changed, 0 unchanged." in brought.after(brought.lines[12])
    assert "2013-11-20  Example: Rice in town" in brought.after("/refs rice in town")


# ---------------------------------------------------------------- some reports alone


@pytest.fixture(scope="module")
def narrow(new_desk: MakeDesk, once: Once) -> Said:
    """A conversation that looks at one publisher's reports of the first half of November alone."""
    flags = ("--plain", "--publisher", "Reuters", "--until", "2013-11-15")
    lines = (
        QUESTION,
        "/search displaced by Haiyan",
        "/open article.md",
        "/claim 3",
        "/export json",
    )
    return once("narrow", lambda: new_desk().pipe(*lines, arguments=flags))


def test_answers_come_from_the_reports_that_are_chosen(narrow: Said) -> None:
    for line in narrow.lines[:2]:
        told = narrow.after(line)
        cited = re.findall(r"^  ([^:\n]+), \d+ November 2013: “", told, re.MULTILINE)
        assert cited, told
        assert all("Reuters" in publisher for publisher in cited)
        assert "narrowed to: publisher Reuters; until 2013-11-15" in told


def test_claims_are_checked_against_the_reports_that_are_chosen(narrow: Said) -> None:
    note = json.loads(narrow.after("/export json"))
    assert note["provenance"]["only"] == "publisher Reuters; until 2013-11-15"
    cited = {c["publisher"] for claim in note["claims"] for c in claim["citations"]}
    assert cited
    assert all("Reuters" in publisher for publisher in cited)


def test_a_choice_that_is_none_ends_it(desk: Desk) -> None:
    said = desk.pipe("/claims", arguments=("--plain", "--kind", "nonsense"))
    assert said.code == 2
    assert "unknown kind `nonsense`" in said.err


# ---------------------------------------------------------------- the collection at first use


@pytest.fixture(scope="module")
def first_use(new_desk: MakeDesk, once: Once) -> Said:
    lines = ("/refs haiyan", QUESTION, "/add report.md", "/open arab.md", "/refs")
    return once("first", lambda: new_desk(fresh=True).pipe(*lines, together=True))


def test_at_first_use_the_collection_is_there_for_a_question(first_use: Said) -> None:
    assert "F087" in first_use.after("/refs haiyan")
    assert "[q1]" in first_use.after(QUESTION)


def test_a_report_added_first_does_not_shut_out_the_starter_collection(first_use: Said) -> None:
    assert "F001" in first_use.after("/refs")
    assert "X900" in first_use.after("/refs")
