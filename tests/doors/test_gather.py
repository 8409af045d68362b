"""Reports gathered from files, folders, patterns and addresses; what decides their fields."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from factcheck import collection
from factcheck.errors import InputError, ReferenceFileError, UsageError
from factcheck.fetch import Fetcher
from factcheck.gather import gather
from factcheck.models import Reference
from factcheck.refs import Given
from factcheck.settings import Settings
from tests.fetch.server import Site
from tests.fetch.server import page as answer
from tests.readers import build
from tests.readers.build import LINES

MD = "---\nid: {0}\npublisher: Example Relief\nkind: ngo\ntitle: Report {0}\npublished: 2013-11-05\n---\nIt was so.\n"  # noqa: E501
META = (
    '<meta property="og:site_name" content="{}">'
    '<meta property="article:published_time" content="2013-11-08T09:00">'
)
ALL = {"publisher": "Example Relief", "title": "Safira", "published": date(2013, 11, 8)}


def given(**fields: object) -> Given:
    return Given(fields=fields)


def put(path: Path, data: bytes | str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def one(source: str, flags: Given | None = None) -> Reference:
    found = gather([source], flags)
    assert not found.errors, found.errors
    assert len(found.references) == 1
    return found.references[0]


def error(source: str, flags: Given | None = None) -> InputError:
    found = gather([source], flags)
    assert len(found.errors) == 1 and not found.references
    return found.errors[0]


# ---------------------------------------------------------------- where a field comes from


def test_flags_beat_the_sidecar_beats_front_matter_beats_the_document(tmp_path: Path) -> None:
    path = put(tmp_path / "a.html", build.page(*LINES, head=META.format("The page")))
    assert one(path).publisher == "The page"
    assert (one(path).title, one(path).published) == ("Snow on Safira", date(2013, 11, 8))
    put(tmp_path / "a.html.meta.yaml", "publisher: The sidecar\ntags: [camps]\ncountry: SY\n")
    found = one(path)
    assert (found.publisher, found.tags, found.countries) == ("The sidecar", ("camps",), ("SY",))
    assert one(path, given(publisher="The flag", tags=["x"])).publisher == "The flag"

    path = put(tmp_path / "b.md", MD.format("B"))
    assert one(path).title == "Report B"
    put(tmp_path / "b.md.meta.yaml", "title: From beside\n")
    assert one(path).title == "From beside"
    assert one(path, given(title="By hand")).title == "By hand"


@pytest.mark.parametrize("field", ["publisher", "title", "published"])
@pytest.mark.parametrize("name", ["a.pdf", "a.txt", "a.docx"])
def test_what_cannot_be_found_is_named_with_its_flag(tmp_path: Path, name: str, field: str) -> None:
    data = {"a.pdf": build.pdf([LINES]), "a.txt": LINES[0].encode(), "a.docx": build.docx(*LINES)}
    path = put(tmp_path / name, data[name])
    fields = {k: v for k, v in ALL.items() if k != field}
    wrong = error(path, given(**fields))
    assert isinstance(wrong, ReferenceFileError)
    assert str(wrong).startswith(path) and f"the field `{field}` is missing" in str(wrong)
    assert f"--{field}" in wrong.hint
    assert ("--allow-undated" in wrong.hint) == (field == "published")
    assert one(path, given(**ALL)).title == "Safira"


def test_all_that_is_missing_is_said_at_once(tmp_path: Path) -> None:
    path = put(tmp_path / "a.pdf", build.pdf([LINES]))
    wrong = error(path)
    assert str(wrong) == (
        f"{path}: the field `publisher` is missing, and so are `title` and `published`"
    )
    assert wrong.hint == (
        "Give --publisher, --title and --published, or write `publisher:`, `title:` and"
        " `published:` into a.pdf.meta.yaml beside it. A report without a date: --allow-undated."
    )
    wrong = error(put(tmp_path / "t.csv", "title,text\nOne,It was so.\n"))
    assert "the field `publisher` is missing, and so is `published`" in str(wrong)
    assert "--map publisher=COLUMN,published=COLUMN" in wrong.hint
    wrong = error(put(tmp_path / "b.txt", LINES[0]), given(publisher="P", published="undated"))
    assert "no front matter, and the field `title` is missing" in str(wrong)
    assert wrong.hint == "Add `title:` to the front matter, or give --title."


def test_a_report_without_a_date(tmp_path: Path) -> None:
    path = put(tmp_path / "a.pdf", build.pdf([LINES]))
    fields = {"publisher": "P", "title": "T"}
    assert one(path, Given(fields=fields, allow_undated=True)).published is None
    put(tmp_path / "a.pdf.meta.yaml", "published: undated\n")
    assert one(path, Given(fields=fields)).published is None
    front = put(tmp_path / "b.md", MD.format("B").replace("published: 2013-11-05\n", ""))
    assert one(front).published is None  # front matter that leaves it out says that there is none


def test_the_kind_is_that_of_the_register(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", LINES[0])
    for publisher, kind in (
        ("UNHCR", "un"),
        ("Reuters", "wire"),
        ("SOHR", "monitor"),
        ("Nobody", "other"),
    ):
        assert one(path, given(**{**ALL, "publisher": publisher})).kind == kind
    assert one(path, given(**ALL, kind="academic")).kind == "academic"
    wrong = error(path, given(**ALL, kind="blog"))
    assert str(wrong) == "--kind: unknown kind `blog`" and "academic" in wrong.hint


def test_an_id_is_stable_and_readable(tmp_path: Path) -> None:
    path = put(tmp_path / "Laporan Mingguan №3.txt", LINES[0])
    id = one(path, given(**ALL)).id
    assert id.startswith("laporan-mingguan-no3-") and id == one(path, given(**ALL)).id
    put(Path(path), LINES[1])
    assert one(path, given(**ALL)).id != id  # another text, another report
    url = "https://www.relief.example/reports/2013/safira.html?utm=1"
    assert one(path, given(**ALL, url=url)).id.startswith("relief.example-2013-safira-")
    assert one(path, given(**ALL, id="MINE.1")).id == "MINE.1"
    put(tmp_path / "تقرير.txt", LINES[0])
    assert one(str(tmp_path / "تقرير.txt"), given(**ALL)).id.startswith("report-")


def test_a_wrong_sidecar_is_named_with_its_line(tmp_path: Path) -> None:
    path = put(tmp_path / "a.pdf", build.pdf([LINES]))
    beside = put(tmp_path / "a.pdf.meta.yaml", "publisher: P\nauthor: A. Writer\n")
    assert str(error(path)).startswith(f"{beside}, line 2: unknown field `author`")
    put(Path(beside), "publisher: P\ntitle: !!python/name:os.system\n")
    assert "line 2: broken YAML" in str(error(path))
    put(Path(beside), "publisher: P\ntitle: T\npublished: 08/11/2013\n")
    assert str(error(path)).startswith(f"{beside}, line 3: `08/11/2013` is no date")


def test_a_language_that_the_text_cannot_be_in(tmp_path: Path) -> None:
    text = "قال المجلس المحلي في السفيرة إن البلدة خالية من سكانها منذ يوم الجمعة."
    path = put(tmp_path / "a.html", build.page(text, text, head=META.format("P")))
    assert one(path).language == "ar"  # the template says "en"
    assert one(path, given(language="fa")).language == "fa"
    assert "no language code" in str(error(path, given(language="Arabic please")))
    put(Path(path), build.page(*LINES, head=META.format("P")))
    assert one(path).language == "en"


def test_hidden_characters_are_not_stored_and_pages_still_fit(tmp_path: Path) -> None:
    lines = [["Some sol\u00addiers left the town on Fri\u00adday."], ["The others stayed."]]
    found = one(put(tmp_path / "a.pdf", build.pdf(lines)), given(**ALL))
    assert found.text.startswith("Some soldiers left the town on Friday.")
    assert found.text[found.pages[1] :] == "The others stayed."
    assert found.page(found.text.index("The others")) == 2
    tags = "".join(chr(0xE0000 + ord(c)) for c in "obey")
    found = one(
        put(tmp_path / "a.txt", f"It was\u202e so.{tags}"),
        given(**{**ALL, "title": f"T\u200bwo{tags}"}),
    )
    assert (found.text, found.title) == ("It was so.", "Two")


# ---------------------------------------------------------------- which files


def test_a_folder_of_every_kind(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.md", MD.format("A"))
    put(tmp_path / "in" / "deep" / "b.pdf", build.pdf([LINES, LINES]))
    put(tmp_path / "in" / "c.DOCX", build.docx(*LINES))
    put(tmp_path / "in" / "d.csv", "title,text\nOne,It was so.\nTwo,It was not.\n")
    put(tmp_path / "in" / "e.jsonl", '{"title": "Three", "text": "It may be."}\n')
    put(tmp_path / "in" / "f.eml", build.mail().as_bytes())
    put(tmp_path / "in" / "g.html", build.page(*LINES, head=META.format("P")))
    put(tmp_path / "in" / "h.txt", LINES[0])
    put(tmp_path / "in" / "h.txt.meta.yaml", "tags: [x]\n")
    put(tmp_path / "in" / "picture.png", b"\x89PNG")
    put(tmp_path / "in" / ".hidden" / "x.md", "broken")
    put(tmp_path / "in" / ".DS_Store", b"x")
    flags = given(publisher="Example Relief", published=date(2013, 11, 8), title=None)
    flags = replace(flags, fields={k: v for k, v in flags.fields.items() if v})
    found = gather([str(tmp_path / "in")], flags)
    assert all("the field `title` is missing" in str(e) for e in found.errors)
    assert [Path(str(e).split(",")[0].split(": ")[0]).name for e in found.errors] == [
        "c.DOCX", "b.pdf", "h.txt",
    ]  # fmt: skip
    assert [p.name for p in found.passed_over] == ["picture.png"]
    assert {r.title for r in found.references} == {
        "Report A", "One", "Two", "Three", "Safira in November", "Snow on Safira",
    }  # fmt: skip
    assert all(r.source_sha256 and len(r.source_sha256) == 64 for r in found.references)


def test_links_that_loop(tmp_path: Path) -> None:
    put(tmp_path / "in" / "deep" / "a.md", MD.format("A"))
    put(tmp_path / "out" / "b.md", MD.format("B"))
    (tmp_path / "in" / "deep" / "up").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in" / "self").symlink_to(tmp_path / "in" / "self")
    (tmp_path / "in" / "beside").symlink_to(tmp_path / "out", target_is_directory=True)
    (tmp_path / "in" / "twin.md").symlink_to(tmp_path / "in" / "deep" / "a.md")
    found = gather([str(tmp_path / "in"), str(tmp_path / "in" / "deep")])
    assert not found.errors and sorted(r.id for r in found.references) == ["A", "B"]


def test_patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in "ABC":
        put(tmp_path / "x" / f"{n}.md", MD.format(n))
    put(tmp_path / "x" / "y" / "D.md", MD.format("D"))
    put(tmp_path / "x" / "E.bin", b"x")
    monkeypatch.chdir(tmp_path)
    assert [r.id for r in gather(["x/*.md"]).references] == ["A", "B", "C"]
    assert sorted(r.id for r in gather(["x/**/*.md"]).references) == ["A", "B", "C", "D"]
    assert [r.id for r in gather(["x/[AB].*", "x/A.md"]).references] == ["A", "B"]
    for pattern in ("x/*.pdf", "nowhere/*", "x/*.bin"):
        with pytest.raises(InputError, match="matches no file"):
            gather([pattern])
    put(tmp_path / "x" / "odd[1].md", MD.format("F"))
    assert one("x/odd[1].md").id == "F"  # a file of this name is that file


def test_paths_that_hold_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        gather([str(tmp_path / "missing.pdf")])
    put(tmp_path / "in" / "a.xyz", "x")
    with pytest.raises(InputError, match=r"holds no .*1 others are passed over") as caught:
        gather([str(tmp_path / "in")])
    assert ".docx" in caught.value.hint
    assert "holds no report" in str(error(put(tmp_path / "a.csv", "title,text\n")))


@pytest.mark.skipif(os.name != "posix", reason="needs named pipes")
def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    put(tmp_path / "a.md", MD.format("A"))
    os.mkfifo(tmp_path / "b.md")
    assert [r.id for r in gather([str(tmp_path)]).references] == ["A"]


def test_a_file_without_end() -> None:
    device = Path("/dev/zero")
    if not device.exists():
        pytest.skip("there is no /dev/zero")
    from factcheck.files import read_bytes

    with pytest.raises(InputError, match="may have 1 MB"):
        read_bytes(device, what="a report", limit=1_000_000)


# ---------------------------------------------------------------- many


def test_all_errors_are_told_and_the_others_read(tmp_path: Path) -> None:
    for n in range(5):
        put(tmp_path / f"{n}.md", MD.format(f"R{n}"))
    put(tmp_path / "bad1.md", "---\ntitle: 'x\n---\ny")
    put(tmp_path / "bad2.pdf", b"%PDF-1.4")
    put(tmp_path / "bad3.csv", "title,text\nA,It was so.\nB\n")
    put(tmp_path / "same.md", MD.format("R1"))
    found = gather([str(tmp_path)], given(published=date(2013, 11, 8), publisher="P"))
    assert sorted(r.title for r in found.references) == ["A", *(f"Report R{n}" for n in range(5))]
    told = " ".join(map(str, found.errors))
    assert len(found.errors) == 4
    for part in ("bad1.md, line 2", "bad2.pdf", "bad3.csv, line 3", "R1 stands in two files"):
        assert part in told


@pytest.mark.parametrize("key", ["id", "title", "url"])
def test_what_is_given_for_one_report_is_not_given_to_many(tmp_path: Path, key: str) -> None:
    for n in "AB":
        put(tmp_path / f"{n}.md", MD.format(n))
    value = "https://x.example/a" if key == "url" else "X"
    with pytest.raises(UsageError, match=f"--{key} is given for 2 reports"):
        gather([str(tmp_path)], given(**{key: value}))


def test_progress_is_told(tmp_path: Path) -> None:
    for n in "ABC":
        put(tmp_path / f"{n}.md", MD.format(n))
    told: list[tuple[int, int]] = []
    gather([str(tmp_path)], progress=lambda a, b: told.append((a, b)))
    assert told == [(0, 3), (1, 3), (2, 3)]


# ---------------------------------------------------------------- addresses


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


def test_addresses(site: Site) -> None:
    site.answers["/a"] = answer(
        build.page(*LINES, head=META.format("The page")), "text/html; charset=utf-8"
    )
    site.answers["/report"] = answer(build.pdf([LINES, LINES]), "application/pdf")
    fetcher = Fetcher(allow_local=True, timeout=5)
    found = gather([site.url("/a")], fetcher=fetcher).references[0]
    assert (found.publisher, found.title, found.url) == (
        "The page",
        "Snow on Safira",
        site.url("/a"),
    )
    assert found.retrieved and found.retrieved.startswith("20") and found.source_sha256
    found = gather(
        [site.url("/report")], given(**ALL), fetcher=Fetcher(allow_local=True)
    ).references[0]
    assert (len(found.pages), found.url) == (2, site.url("/report"))
    assert found.id.startswith("127.0.0.1-")


def test_an_address_that_is_refused_or_gone_is_an_error_like_others(
    site: Site, tmp_path: Path
) -> None:
    path = put(tmp_path / "a.md", MD.format("A"))
    found = gather([path, site.url("/gone"), "http://127.0.0.1:9/x"])
    assert [r.id for r in found.references] == ["A"]
    assert len(found.errors) == 2 and all(e.hint and e.exit_code == 4 for e in found.errors)


def test_what_is_fetched_again_and_says_the_same_is_unchanged(
    site: Site, tmp_path: Path, shared_cache: Path
) -> None:
    site.answers["/a"] = answer(build.page(*LINES, head=META.format("The page")))
    store = collection.open_store(Settings.load(store=tmp_path / "store", cache=shared_cache))
    for expected in ("new", "unchanged"):
        found = gather([site.url("/a")], fetcher=Fetcher(allow_local=True)).references
        later = [
            replace(r, retrieved=f"2026-01-0{1 + (expected != 'new')}T00:00:00Z") for r in found
        ]
        added = collection.add(store, later)
        assert getattr(added, expected) == 1
    assert store.reference(found[0].id).retrieved == "2026-01-01T00:00:00Z"
    site.answers["/a"] = answer(build.page(LINES[1], head=META.format("The page")))
    found = gather([site.url("/a")], fetcher=Fetcher(allow_local=True)).references
    assert collection.add(store, found).changed == 1
    store.close()
