"""`factcheck batch`: names, journal, resumption, what goes wrong, and a real process that is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from factcheck.batch import Batch, worst
from factcheck.batch.hands import Hand, Made
from factcheck.batch.inputs import expand, identity, names
from factcheck.batch.journal import Journal, Outcome
from factcheck.errors import FactcheckError, InputError, UsageError
from factcheck.report import batch as page
from tests.conftest import ROOT
from tests.desk.conftest import SPANISH, TYPHOON, edit


class Script(Hand):
    """A hand that answers from a script, and counts."""

    def __init__(self, note: dict[str, Any], special: dict[str, Any] | None = None) -> None:
        self.note, self.special = note, special or {}
        self.seen: list[str] = []
        self.closed = self.stopped = 0

    def check(self, source: str) -> Made:
        import hashlib

        self.seen.append(source)
        known = self.special.get(Path(source).name)
        if callable(known):
            known = known()
        if known is not None:
            return known
        data = Path(source).read_bytes() if Path(source).exists() else source.encode()
        article = {**self.note["article"], "sha256": hashlib.sha256(data).hexdigest(),
                   "title": Path(source).stem}  # fmt: skip
        return Made({**self.note, "article": article})

    def stop(self) -> None:
        self.stopped += 1

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def articles(work: Path) -> list[str]:
    for n in range(5):
        (work / f"a{n}.md").write_text(f"Article {n}. It rained on Friday.\n")
    return [str(work / f"a{n}.md") for n in range(5)]


@pytest.fixture
def plain(typhoon) -> dict[str, Any]:
    return typhoon.to_json()


def run(folder: Path, sources: list[str], hand: Hand, *, resume: bool = False, **more: Any):
    batch = Batch(folder, sources, resume=resume, **more)
    return batch, batch.run(lambda: [hand], lambda *_: None)


# ---------------------------------------------------------------- what is to be checked


def test_files_folders_patterns_and_lists(work, monkeypatch) -> None:
    monkeypatch.chdir(work)
    for name in ("in/b.md", "in/deep/c.html", "in/.hidden/d.md", "in/x.json", "e.txt", "out/n.md",
                 "in/p.PDF", "in/w.docx", "in/m.eml", "in/rows.csv", "in/rows.jsonl"):  # fmt: skip
        path = work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("words")
    (work / "list.txt").write_text("# ours\n\n  e.txt \nin/b.md\nhttps://example.org/a?b=1\n")
    found = expand(["in", "*.txt", "@list.txt", "missing.md"], without=Path("out"))
    assert found == ["in/b.md", "in/deep/c.html", "in/m.eml", "in/p.PDF", "in/w.docx", "e.txt", "list.txt",
                     "https://example.org/a?b=1", "missing.md"]  # fmt: skip
    assert expand(["**/*.md"], without=Path("out")) == ["in/b.md"]
    (work / "loop.txt").write_text("@loop.txt\n")
    for bad, error in (("out", InputError), ("*.pdf", InputError), ("-", UsageError), ("@no", InputError),
                       ("@loop.txt", InputError)):  # fmt: skip
        with pytest.raises(error) as raised:
            expand([bad], without=Path("out"))
        assert raised.value.hint


HOSTILE = [
    "a b\tc.md", "new\nline.md", "<b>&amp;.md", "\x1b[31mred.md", "-rf.md", "..md", "…...md", "index.md",
    "INDEX.md", "journal.md", "x" * 200 + ".md", "数" * 80 + ".md", "خبر.md", "é.md", "e\u0301.md",
    "tab'quote\".md", "\u202egnp.md", "a:b|c?.md",
]  # fmt: skip


def test_names_are_safe_short_and_each_their_own(work) -> None:
    sources = [str(work / "one" / n) for n in HOSTILE] + [str(work / "two" / n) for n in HOSTILE]
    sources.append(os.fsdecode(b"/tmp/\xff\xfe.md"))
    given = names(sources, {})
    assert len({n.casefold() for n in given.values()}) == len(sources)
    for name in given.values():
        assert name and not name.startswith((".", "-")) and len(name.encode()) <= 140
        assert all(c.isalnum() or c in "._-" for c in name), name
        assert name.casefold() not in ("index", "journal")


def test_a_name_once_given_stays(work) -> None:
    first = names(["x/a.md"], {})
    again = names(["y/a.md", "x/a.md"], {identity("x/a.md"): first["x/a.md"]})
    assert again["x/a.md"] == "a" and again["y/a.md"] != "a"
    assert names(["y/a.md"], {}, there=["A"])["y/a.md"].startswith("a-")


def test_articles_with_hostile_names_are_checked(work, plain) -> None:
    folder = work / "articles"
    folder.mkdir()
    made = [n for n in HOSTILE if len(os.fsencode(n)) < 250]
    made.append(os.fsdecode(b"\xff\xfe.md"))
    for n, name in enumerate(made):
        (folder / name).write_text(f"Text number {n}.")
    sources = expand([str(folder)], without=work / "out")
    batch, outcomes = run(work / "out", sources, Script(plain))
    assert [o.state for o in outcomes] == ["done"] * len(sources) and len(sources) >= len(made) - 1
    rows = batch.rows(outcomes)
    html = page.page(rows, "json")
    assert (
        "<b>" not in html and "\x1b" not in html and "\u202e" not in html and "<script" not in html
    )
    out = "\n".join(page.summary(rows, 60))
    assert "\x1b" not in out
    batch, again = run(work / "out", sources, Script(plain), resume=True)
    assert [o.name for o in again] == [o.name for o in outcomes]


# ---------------------------------------------------------------- done, and done again


def test_each_article_has_a_note_and_a_line(work, articles, plain) -> None:
    hand = Script(plain)
    _, outcomes = run(work / "out", articles, hand)
    assert [o.state for o in outcomes] == ["done"] * 5 and worst(outcomes) == 0
    assert hand.closed == 1 and sorted(hand.seen) == articles
    for o in outcomes:
        assert (
            json.loads((work / "out" / f"{o.name}.json").read_text())["article"]["title"] == o.name
        )
    assert len(Journal(work / "out").outcomes) == 5
    with pytest.raises(UsageError, match="earlier batch"):
        Batch(work / "out", articles)


def test_resume_repeats_what_failed_changed_or_is_gone(work, articles, plain) -> None:
    bad = {"a1.md": Made(code=4, error="broken", hint="mend it"),
           "a2.md": Made({**plain, "complete": False}, 5, "judge: no answer")}  # fmt: skip
    _, outcomes = run(work / "out", articles, Script(plain, bad))
    assert [o.state for o in outcomes] == ["done", "failed", "partial", "done", "done"]
    assert worst(outcomes) == 5
    (work / "out" / "a3.json").unlink()
    Path(articles[4]).write_text("Another text.")
    (work / "a5.md").write_text("One more.")
    hand = Script(plain)
    _, outcomes = run(work / "out", [*articles, str(work / "a5.md")], hand, resume=True)
    assert [Path(s).name for s in hand.seen] == ["a1.md", "a2.md", "a3.md", "a4.md", "a5.md"]
    assert {o.state for o in outcomes} == {"done"}
    hand = Script(plain)
    run(work / "out", articles, hand, resume=True)
    assert hand.seen == []


def test_one_article_in_two_places_is_checked_once(work, articles, plain) -> None:
    (work / "copy.md").write_bytes(Path(articles[0]).read_bytes())
    hand = Script(plain)
    batch, outcomes = run(work / "out", [*articles, str(work / "copy.md")], hand)
    assert len(hand.seen) == 5 and outcomes[-1].state == "duplicate"
    assert batch.rows(outcomes)[-1]["note"] == "a0.json"
    assert not (work / "out" / "copy.json").exists()
    assert "(1 the same article)" in page.counted(batch.rows(outcomes))


def test_a_note_that_an_editor_worked_on_is_not_replaced(work, articles, plain) -> None:
    bad = {"a0.md": Made({**plain, "complete": False}, 5, "judge: no answer")}
    run(work / "out", articles[:1], Script(plain, bad))
    note = work / "out" / "a0.json"
    signed = json.loads(note.read_text())
    signed["decisions"] = [{"at": "x", "kind": "drop", "by": "Desk", "claim": "c1"}]
    note.write_text(json.dumps(signed))
    hand = Script(plain)
    _, outcomes = run(work / "out", articles[:1], hand, resume=True)
    assert hand.seen == [] and outcomes[0].state == "kept"
    assert json.loads(note.read_text()) == signed


def test_the_index_counts_what_editors_decided_and_says_what_stands(work, articles, plain) -> None:
    from factcheck import desk

    batch, outcomes = run(work / "out", articles[:1], Script(plain))
    (row,) = batch.rows(outcomes)
    assert row["signed"] is None and row["claims"] == len(plain["claims"])
    file = desk.read(work / "out" / "a0.json")
    orders = desk.Orders(verdicts=["1=not_checkable:a jest"], dropped=["2:off our beat"])
    desk.write(file, desk.sign(desk.decide(file.note, orders, "Desk"), "Desk"))
    (row,) = batch.rows(outcomes)
    was = row["verdicts"]
    rest = [c["verdict"] for c in plain["claims"][2:]]
    assert was["not_checkable"] == 1 + rest.count("not_checkable")
    assert row["claims"] == len(plain["claims"]) - 1 == sum(was.values())
    assert row["signed"] == "Desk" and row["since_signed"] == ""
    edit(work / "out" / "a0.json", lambda d: d["decisions"][0].update(reason="no jest"))
    rows = batch.rows(outcomes)
    assert "signed by Desk, then the history does not hold" in page.page(rows, "html")
    edit(work / "out" / "a0.json", lambda d: d["decisions"][0].update(value="bogus"))
    assert batch.rows(outcomes)[0]["signed"] is None


def test_somebody_elses_file_is_not_written_over(work, articles, plain) -> None:
    (work / "out").mkdir()
    (work / "out" / "a0.json").write_text("mine")
    _, outcomes = run(work / "out", articles[:1], Script(plain))
    assert outcomes[0].name != "a0" and (work / "out" / "a0.json").read_text() == "mine"


def test_after_the_budget_nothing_is_begun(work, articles, plain) -> None:
    spent = {
        "a1.md": Made({**plain, "complete": False}, 6, "judge: the budget of 9 calls is reached")
    }
    hand = Script(plain, spent)
    _, outcomes = run(work / "out", articles, hand)
    assert [o.state for o in outcomes] == ["done", "partial", "waiting", "waiting", "waiting"]
    assert worst(outcomes) == 6 and len(hand.seen) == 2
    hand = Script(plain)
    _, outcomes = run(work / "out", articles, hand, resume=True)
    assert worst(outcomes) == 0 and len(hand.seen) == 4


def test_stopping_keeps_what_is_done(work, articles, plain) -> None:
    batch = Batch(work / "out", articles)
    hand = Script(plain, {"a2.md": lambda: (batch.stop(), time.sleep(0.5))[0]})
    outcomes = batch.run(lambda: [hand], lambda *_: None)
    assert [o.state for o in outcomes] == ["done", "done", "done", "waiting", "waiting"]
    assert worst(outcomes) == 130 and hand.stopped


def test_two_batches_do_not_write_into_one_folder(work, articles, plain) -> None:
    busy, go = threading.Event(), threading.Event()
    hand = Script(plain, {"a0.md": lambda: (busy.set(), go.wait(20))[0] and None})
    thread = threading.Thread(target=run, args=(work / "out", articles[:1], hand))
    thread.start()
    assert busy.wait(20)
    with pytest.raises(UsageError, match="another batch"):
        run(work / "out", articles, Script(plain), resume=True)
    go.set()
    thread.join()


@pytest.mark.parametrize("damage", [b"", b"\x00\xff", b'{"plan": 3', b"[1]\n{}\nnull\n" + b"[" * 5000,
                                    b'{"state": "done"}\n'])  # fmt: skip
def test_a_torn_journal_loses_nothing_that_is_whole(work, articles, plain, damage) -> None:
    run(work / "out", articles, Script(plain))
    journal = work / "out" / "journal.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole + damage)
    hand = Script(plain)
    _, outcomes = run(work / "out", articles, hand, resume=True)
    assert hand.seen == [] and {o.state for o in outcomes} == {"done"}
    for cut in range(len(whole) - 300, len(whole), 37):  # torn inside the last line
        journal.write_bytes(whole[:cut])
        _, outcomes = run(work / "out", articles, Script(plain), resume=True)
        assert {o.state for o in outcomes} == {"done"}


def test_other_formats_are_made_up_for_on_resumption(work, articles, plain) -> None:
    run(work / "out", articles, Script(plain))
    hand = Script(plain)
    written: list[str] = []

    def write(note: dict[str, Any], format: str) -> str | bytes:
        written.append(format)
        return b"bytes" if format == "docx" else "text"

    run(work / "out", articles, hand, resume=True, formats=["json", "md", "docx"], written=write)
    assert hand.seen == [] and sorted(written) == ["docx"] * 5 + ["md"] * 5
    assert (work / "out" / "a0.docx").read_bytes() == b"bytes"


def test_a_note_that_cannot_be_written_is_a_failure_of_its_own(work, articles, plain) -> None:
    def write(note: dict[str, Any], format: str) -> str:
        if note["article"]["title"] == "a1":
            raise InputError("no space", hint="Make some.")
        return "text"

    _, outcomes = run(work / "out", articles, Script(plain), formats=["json", "md"], written=write)
    assert [o.state for o in outcomes] == ["done", "failed", "done", "done", "done"]
    assert outcomes[1].hint == "Make some."


@pytest.mark.parametrize(
    ("codes", "code"),
    [((0, 4), 4), ((4, 5), 5), ((5, 6, 4), 6), ((6, 130, 0), 130), ((), 0), ((3, 0), 3)],
)
def test_the_worst_decides_the_exit_code(codes, code) -> None:
    made = [Outcome(source="", identity="", name="", state="", code=c) for c in codes]
    assert worst(made) == code


def test_the_summary_reads_well_on_a_narrow_terminal(work, articles, plain) -> None:
    bad = {
        "a1.md": Made(
            code=4, error="this article is broken in a way that takes words", hint="mend it"
        )
    }
    batch, outcomes = run(work / "out", articles, Script(plain, bad))
    rows = batch.rows(outcomes)
    lines = list(page.summary(rows, 60))
    assert max(map(len, lines)) <= 60
    assert lines[0].startswith("5 articles (1 failed); ") and lines[-1].endswith("--resume.")
    html = page.page(rows, "html")
    assert 'href="a0.html"' in html and "http" not in html.replace("http-equiv", "")


# ---------------------------------------------------------------- with the program


@pytest.fixture
def three(work: Path) -> Path:
    folder = work / "articles"
    folder.mkdir()
    (folder / "typhoon.md").write_text(TYPHOON, encoding="utf-8")
    (folder / "es.md").write_text(SPANISH, encoding="utf-8")
    (folder / "empty.md").write_text("")
    return folder


def test_a_folder_of_articles(cli, work, three) -> None:
    ran = cli("batch", "articles", "nowhere.md", "-o", "out", "--format", "json,md")
    assert ran.code == 4, ran
    assert "4 articles (2 failed)" in ran.out and "nowhere.md does not exist" in ran.out
    assert "Traceback" not in ran.err
    names = sorted(p.name for p in (work / "out").iterdir())
    assert names == ["es.json", "es.md", "index.html", "index.json", "journal.jsonl", "journal.lock",
                     "typhoon.json", "typhoon.md"]  # fmt: skip
    index = json.loads((work / "out" / "index.json").read_text(encoding="utf-8"))
    rows = {Path(r["source"]).name: r for r in index["articles"]}
    assert rows["typhoon.md"]["title"] == "Haiyan, a week on" and rows["typhoon.md"]["verdicts"]
    assert rows["empty.md"]["state"] == "failed" and rows["empty.md"]["note"] is None
    assert cli("verify", "out/es.json").code == 0
    assert cli("batch", "articles", "-o", "out").code == 2
    (three / "empty.md").write_text(TYPHOON, encoding="utf-8")
    ran = cli("batch", "articles", "-o", "out", "--resume")
    assert ran.code == 0 and "(1 the same article)" in ran.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("articles", "-o", "out", "--format", "pdf"), 2),
        (("articles", "-o", "out", "--jobs", "0"), 2),
        (("none*.md", "-o", "out"), 4),
        (("articles", "-o", "file"), 4),
        (("articles", "-o", "out", "--budget-calls", "3"), 2),
    ],
)
def test_what_cannot_be_begun_is_refused(cli, work, three, arguments, code) -> None:
    (work / "file").write_text("")
    ran = cli("batch", *arguments)
    assert ran.code == code and "Traceback" not in ran.err, ran


def begun(work: Path, store: Path, cache: Path, *more: str) -> subprocess.Popen[bytes]:
    """The program as a process of its own, in a session of its own; it says to `said.txt`."""
    environment = {
        **os.environ, "FACTCHECK_STORE": str(store), "FACTCHECK_CACHE": str(cache),
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, "-m", "factcheck", "batch", "many", "-o", "out", *more]
    with (work / "said.txt").open("wb") as said:
        return subprocess.Popen(
            command, cwd=work, env=environment, stdout=said, stderr=said, start_new_session=True
        )


def done(work: Path) -> list[str]:
    journal = work / "out" / "journal.jsonl"
    lines = journal.read_text().splitlines() if journal.exists() else []
    return [line for line in lines if '"state": "done"' in line]


@pytest.fixture
def many(work: Path) -> Path:
    folder = work / "many"
    folder.mkdir()
    for n in range(12):
        (folder / f"n{n:02}.md").write_text(
            TYPHOON.replace("4,460", f"4,{400 + n}"), encoding="utf-8"
        )
    return folder


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_killed_batch_goes_on_where_it_was(work, many, loaded_store, shared_cache, jobs) -> None:
    process = begun(work, loaded_store, shared_cache, "--jobs", jobs)
    wait_for(lambda: len(done(work)) >= 2 or process.poll() is not None)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(20)
    before = done(work)
    assert 2 <= len(before) < 12, "killed while it worked"
    kept = {n: n.stat().st_mtime_ns for n in (work / "out").glob("n*.json")}
    for path in kept:
        assert json.loads(path.read_text(encoding="utf-8"))["complete"] is True, (
            "whole or not there"
        )
    process = begun(work, loaded_store, shared_cache, "--jobs", jobs, "--resume")
    assert process.wait(120) == 0, (work / "said.txt").read_text()
    assert len(list((work / "out").glob("n*.json"))) == 12
    journalled = {json.loads(line)["name"] for line in before}
    for path, at in kept.items():
        if path.stem in journalled:
            assert path.stat().st_mtime_ns == at, "what was done is not done again"
    wait_for(lambda: not orphans(work))  # no process is left behind


def test_ctrl_c_keeps_what_is_done(work, many, loaded_store, shared_cache) -> None:
    process = begun(work, loaded_store, shared_cache, "--jobs", "2")
    wait_for(lambda: len(done(work)) >= 1 or process.poll() is not None)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(60) == 130
    said = (work / "said.txt").read_text()
    assert "Traceback" not in said and "what is done is kept" in said
    assert 1 <= len(done(work)) < 12
    index = json.loads((work / "out" / "index.json").read_text())
    assert {r["state"] for r in index["articles"]} == {"done", "waiting"}


def test_a_worker_that_dies_takes_one_article_with_it(
    work, many, loaded_store, shared_cache
) -> None:
    process = begun(work, loaded_store, shared_cache, "--jobs", "2")
    wait_for(lambda: len(done(work)) >= 2 or process.poll() is not None)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    workers = [c for c in children if b"spawn_main" in Path(f"/proc/{c}/cmdline").read_bytes()]
    os.kill(int(workers[0]), signal.SIGKILL)
    assert process.wait(120) == 5
    index = json.loads((work / "out" / "index.json").read_text())
    states = [r["state"] for r in index["articles"]]
    assert sorted(set(states)) == ["done", "failed"] and states.count("failed") == 1


def wait_for(ready, seconds: float = 90.0) -> None:
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.02)


def orphans(work: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "cwd").readlink() == work:
                    found.append(entry.name)
            except OSError:
                continue
    return found


def test_an_error_of_ours_in_a_hand_is_told() -> None:
    from factcheck.batch.hands import checked

    class Broken:
        def check(self, source: str) -> None:
            if source == "ours":
                raise FactcheckError("no", hint="yes")
            raise ZeroDivisionError("by zero")

    assert checked(Broken(), "ours") == Made(code=1, error="no", hint="yes")
    made = checked(Broken(), "theirs")
    assert made.code == 5 and "ZeroDivisionError" in made.error and made.hint


def test_one_budget_holds_for_all_hands() -> None:
    from factcheck.errors import BudgetReached
    from factcheck.models import Usage
    from factcheck.provider import Limits, Meter

    whole = Meter(Limits(calls=3, tokens=10_000), None)
    one, two = whole.part(), whole.part()
    one.settle(one.reserve(100, 50), Usage(calls=1, input_tokens=90, output_tokens=10))
    two.settle(two.reserve(100, 50), Usage(calls=1, input_tokens=200, output_tokens=20))
    one.replayed()
    ticket = two.reserve(100, 50)
    for part in (one, two):
        with pytest.raises(BudgetReached):
            part.reserve(1, 1)
    two.settle(ticket, Usage(calls=1, input_tokens=1, output_tokens=1))
    assert (one.usage().calls, one.usage().input_tokens, one.usage().replayed) == (1, 90, 1)
    assert (two.usage().calls, two.usage().input_tokens, two.usage().replayed) == (2, 201, 0)
    assert (whole.usage().calls, whole.usage().input_tokens, whole.usage().replayed) == (3, 291, 1)
