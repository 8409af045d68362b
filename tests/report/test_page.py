"""The HTML page without a browser: whole, closed to the outside, and true to the article's text."""

from __future__ import annotations

import base64
import hashlib
import html as escaping
import re
from dataclasses import replace
from functools import cache

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.models import Note, Reference, Sentence
from factcheck.newsroom import Newsroom
from factcheck.report import formats
from factcheck.text.scrub import for_page
from tests.report import sample

BAD = [
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "</style><b>", "]]>-->",
    '" onmouseover="alert(1)', "' style='x", "javascript:alert(1)", "data:text/html,<b>",
    "https://a.b/\" onclick=\"x", "{{ 7*7 }}{% raw %}", "\u202egnp.exe", "\u2066\u2067x\u2069",
    "\x00\x1b[31m\x07\x7f\x85", "\ud800", "\ufffe\U0001ffff", "\r\n\t\x0b\x0c", "&lt;b&gt;&amp;",
    "a" * 300, "الجيش السوري", "😀🏽", "http://user:pw@a.b/?q=<i>", "{speaker}{0}", "%s%n",
]  # fmt: skip


def page(note: Note, **more: object) -> str:
    kept = {r.id: r for r in note.references}
    made = formats.render(note, "html", lookup=kept.get, **more)
    assert isinstance(made, str)
    return made


@cache
def sampled() -> str:
    return page(sample.note())


def tree(made: str):
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return parser.parse(made), parser.errors


def every(root) -> list:
    return [e for e in root.iter() if isinstance(e.tag, str)]


def closed(made: str) -> None:
    """Assert all that the page promises whatever a note holds."""
    root, errors = tree(made)
    assert not errors
    elements = every(root)
    ids = [e.get("id") for e in elements if e.get("id") is not None]
    assert len(ids) == len(set(ids))
    for e in elements:
        name = e.tag.rsplit("}", 1)[-1].lower()
        assert name not in ("script", "iframe", "object", "embed", "form", "img", "base", "video")
        for key in e.attrib:
            assert isinstance(key, str) or key[0] is None
            assert not str(key).lower().startswith("on") and key not in ("style", "src", "srcdoc")
        href = e.get("href")
        if href is None:
            continue
        if href.startswith("#"):
            assert href[1:] in ids, href
        else:
            assert name == "a" and re.match(r"https?://[^\s<>\"'`]+$", href), href
            assert "noopener" in e.get("rel", "")
    assert len([e for e in elements if e.tag == "style"]) == 1
    assert "url(" not in "".join(e.text or "" for e in elements if e.tag == "style")
    assert not re.search(
        "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", made
    )


def test_the_sample_is_closed_and_parses() -> None:
    closed(sampled())


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("bad", BAD)
def test_no_field_of_a_note_can_break_out(bad: str, language: str) -> None:
    closed(page(replace(sample.hostile(bad), language=language), newsroom=Newsroom(name="A & <b>")))


@settings(max_examples=15, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_no_text_at_all_can_break_out(bad: str) -> None:
    closed(page(sample.hostile(bad)))


def test_the_policy_names_the_style_by_its_hash_and_forbids_the_rest() -> None:
    root, _ = tree(sampled())
    policy = next(e.get("content") for e in every(root)
                  if e.get("http-equiv") == "Content-Security-Policy")  # fmt: skip
    style = re.search(r"<style>(.*?)</style>", sampled(), re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert any(
        e.get("name") == "referrer" and e.get("content") == "no-referrer" for e in every(root)
    )


def test_headings_are_in_order_and_landmarks_there() -> None:
    root, _ = tree(sampled())
    levels = [int(e.tag[1]) for e in every(root) if re.fullmatch("h[1-6]", str(e.tag))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False))
    tags = [e.tag for e in every(root)]
    assert tags.count("main") == 1 and "header" in tags and "nav" in tags
    assert next(e for e in every(root) if e.tag == "a").get("href") == "#claims"


# ---------------------------------------------------------------- the article


def column(made: str) -> str:
    """The article's column with its tags taken away."""
    inner = re.search(r'<div class="text" id="article"[^>]*>(.*?)</div>', made, re.DOTALL)
    assert inner
    return escaping.unescape(re.sub(r"<[^>]*>", "", inner[1]))


def test_the_column_is_the_articles_text() -> None:
    assert column(sampled()) == sample.note().article.text


_WORDS = st.sampled_from(
    ["a", "B.", "\n", "\n\n", " ", "<p>", "&amp;", "\r\n", "١٢٠", "الجيش ", "😀", "\u202e", "\x00",
     "text ", "word. ", "\t", "\ud800", "\u00a0", "\u2028"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_WORDS, min_size=1, max_size=40).map("".join), st.data())
def test_overlapping_claims_keep_the_text(text: str, data: st.DataObject) -> None:
    made = sample.note(5)
    bounds = st.tuples(st.integers(-2, len(text) + 2), st.integers(-2, len(text) + 2))
    found = []
    for a in made.assessments:
        start, end = sorted(data.draw(bounds))
        claim = replace(a.claim, start=start, end=end, said=text[max(0, start) : max(0, end)])
        found.append(replace(a, claim=claim))
    made = replace(
        made, article=replace(made.article, text=text), assessments=tuple(found), ledger=()
    )
    shown = page(made)
    assert column(shown) == for_page(text)
    closed(shown)
    for n, a in enumerate(found, 1):
        placed = f'id="m{n}"' in shown
        assert placed != (f'" href="#c{n}"><b>{n}</b>' in shown)
        if 0 <= a.claim.start < a.claim.end <= len(text) and a.claim.said.strip():
            assert placed, (text, a.claim.start, a.claim.end)


def test_a_claim_within_a_claim_is_marked_with_both() -> None:
    made = sample.note(2)
    outer, inner = made.assessments
    inner = replace(
        inner, claim=replace(inner.claim, start=6, end=14, said=made.article.text[6:14])
    )
    shown = page(replace(made, assessments=(outer, inner)))
    assert re.search(r'<a class="mark [^"]*nested s1 s2" href="#c2"[^>]*>number 1</a>', shown)


def test_an_editors_free_claim_is_listed_under_the_article() -> None:
    made = sample.note(2)
    free = replace(made.assessments[1].claim, start=0, end=0, said="", statement="An own claim.")
    shown = page(
        replace(made, assessments=(made.assessments[0], replace(made.assessments[1], claim=free)))
    )
    listed = re.search(r'<ul class="loose">(.*?)</ul>', shown, re.DOTALL)
    assert listed and "An own claim." in listed[1] and 'id="m2"' not in shown
    closed(shown)


def test_an_arabic_article_is_set_from_right_to_left() -> None:
    shown = page(sample.note(3, article_language="ar"))
    assert '<div class="pair" dir="rtl">' in shown
    assert 'id="article" lang="ar" dir="rtl"' in shown and 'id="claims" dir="ltr"' in shown
    assert '<div class="pair">' in sampled()


# ---------------------------------------------------------------- the cards


def card(made: str, n: int) -> str:
    found = re.search(rf'<article class="card [^"]*" id="c{n}".*?</article>', made, re.DOTALL)
    assert found
    return found[0]


def test_cards_stand_in_the_order_of_the_claims() -> None:
    assert re.findall(r'<article class="card [^"]*" id="c(\d+)"', sampled()) == [
        str(n) for n in range(1, 15)
    ]


def test_a_quotation_is_shown_in_whole_sentences_with_what_stands_around() -> None:
    shown = card(sampled(), 1)
    assert '<span class="around">The office gave an update on Monday.</span>' in shown
    assert '<mark>It said </mark><mark class="figure">6.8 million</mark>' in shown
    assert '<span class="around">The figure had been lower in spring.</span>' in shown
    assert "Aid was cut." not in shown
    assert "page 3" in shown and "https://archive.example.org/1" in shown


def test_a_quotation_without_its_report_stands_alone_and_says_so() -> None:
    made = sample.note(1)
    bare = tuple(replace(r, text="") for r in made.references)
    shown = card(page(replace(made, references=bare)), 1)
    assert "It said " in shown and "stands alone" in shown and "The office gave" not in shown
    other = tuple(replace(r, text="x" * 400) for r in made.references)
    assert "has changed since" in card(page(replace(made, references=other)), 1)


def test_flags_are_told_with_their_names() -> None:
    made = sample.note(1)
    flags = ("single_origin", "party_source", "outdated_figure", "some_new_flag")
    shown = card(page(replace(made, assessments=(replace(made.assessments[0], flags=flags),))), 1)
    for told in ("one origin: SOHR", "said by a party to the conflict: SOHR",
                 "a newer figure existed: 4.25 million (Agency 1 via Paper 1, 16 October 2013)",
                 "some new flag"):  # fmt: skip
        assert told in shown, told


def test_why_there_is_not_enough_evidence_is_said() -> None:
    from factcheck.report.told import silence

    made = sample.note(5)
    a = made.assessments[4]
    kept = sample.reports()

    def told(nearest: tuple[str, ...], rule: str = "nothing", searched: int = 9) -> str:
        return silence(made, replace(a, nearest=nearest, rule=rule, searched=searched), look)

    def look(id: str) -> Reference | None:
        return kept.get(id)

    assert told((), searched=0) == "nothing"
    assert told(("R1", "R2")) == "near"
    assert told((), rule="hindsight") == "hindsight"
    kept["old"] = replace(kept["R1"], published=sample.DAY.replace(year=2011))
    kept["new"] = replace(kept["R1"], published=sample.DAY.replace(year=2014))
    assert told(("old",)) == "old" and told(("new",)) == "hindsight"
    assert told(("old", "R1")) == "near" and told(("old", "unknown")) == "near"


def test_what_was_read_and_not_cited_is_listed() -> None:
    shown = card(sampled(), 1)
    unread = shown[shown.index("Read and not cited") :]
    assert "Agency 7 via Paper 7" in unread and "gone" in unread
    assert "Agency 1 via Paper 1" not in unread


def test_an_editors_verdict_stands_above_the_machines() -> None:
    from factcheck.models import Decision

    made = sample.signed(
        sample.note(2),
        Decision(at="2013-12-01T11:00:00+00:00", kind="verdict", by="A. Editor", claim="c1",
                 value="disputed", reason="two ministries differ"),
        Decision(at="2013-12-01T12:00:00+00:00", kind="drop", by="A. Editor", claim="c2"),
    )  # fmt: skip
    shown = page(made, newsroom=Newsroom(name="Desk", labels={"disputed": "Strittig"}))
    assert 'class="badge">' in card(shown, 1) and "Strittig</span>" in card(shown, 1)
    assert "machine&#39;s verdict: Supported" in card(shown, 1)
    assert "two ministries differ" in card(shown, 1) and "left out" in card(shown, 2)
    assert 'class="signed"' in shown and "DRAFT" not in shown
    assert "DRAFT" in sampled()


def test_questions_name_figure_and_newer_one() -> None:
    made = sample.note(4)
    outdated = replace(made.assessments[3], flags=("outdated_figure",))
    shown = page(replace(made, assessments=(*made.assessments[:3], outdated)))
    below = shown[shown.index('id="h-questions"') :]
    assert (
        "Which source gives 6.5 million, and of what date? Newer at the time: 4.25 million" in below
    )


def test_what_was_struck_is_not_shown() -> None:
    made = sample.note(1)
    struck = replace(made.assessments[0], rationale=(Sentence(text="Made up.", status="struck"),))
    shown = page(replace(made, assessments=(struck,)))
    assert "Made up." not in shown and "This was struck." not in shown


def test_origins_are_counted_alone_and_with_others() -> None:
    shown = sampled()[sampled().index('class="bars"') :]
    row = re.search(r"<bdi>SOHR</bdi>.*?<td>(\d+)</td><td>(\d+)</td>", shown, re.DOTALL)
    assert row and row.groups() == ("1", "1")  # claim 1 rests on SOHR alone, claim 8 on OCHA too


def test_both_languages_have_the_same_wording() -> None:
    from factcheck.wording import table

    for of in ("", "page"):
        english, indonesian = table("en", of), table("id", of)
        assert {s: set(v) for s, v in english.items()} == {s: set(v) for s, v in indonesian.items()}
        for section, phrases in english.items():
            for key, phrase in phrases.items():
                fields = set(re.findall(r"{(\w*)}", phrase))
                assert fields == set(re.findall(r"{(\w*)}", indonesian[section][key])), (
                    section,
                    key,
                )


def test_a_restored_note_gives_the_same_page() -> None:
    import json

    from factcheck.restore import note_from_json

    made = sample.note()
    kept = {r.id: r for r in made.references}
    again = note_from_json(json.loads(json.dumps(made.to_json())), kept.get)
    assert page(again) == sampled()


def test_what_is_counted_is_said_in_the_notes_language() -> None:
    from factcheck.report.told import quantity
    from factcheck.text.lexicon import concepts
    from factcheck.wording import table

    assert quantity("children killed", "id") == "anak, tewas"
    assert quantity("displaced inside", "en") == "displaced inside the country"
    assert (
        quantity("displaced inside uprooted", "id")
        == "mengungsi di dalam negeri, terusir dari rumah"
    )
    assert quantity("fighters goats", "id") == "petempur, goats" and quantity("", "id") == ""
    counted = {c.name.replace("_", " ") for c in concepts().values() if c.kind == "counted"}
    known = set(table("id", "page")["quantity"])
    assert counted <= known, counted - known
    everything = {name.replace("_", " ") for name in concepts()}
    assert known <= everything and set(table("en", "page")["quantity"]) <= everything
    assert "mengungsi di dalam negeri</small>" in page(sample.note(4, language="id"))
