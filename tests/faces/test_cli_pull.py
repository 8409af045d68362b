"""`factcheck refs pull ...` as a user meets it: the summary, what was left out, codes and hints."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.reliefwebs import Service, report
from tests.fetch.server import Site, page

Cli = Callable[..., Any]
NAME = "example-newsroom-x7"
FEED = """<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Example Wire</title>
<item><title>Snow on the pass</title><link>/1</link><pubDate>Fri, 13 Dec 2013 10:00:00 GMT</pubDate>
<content:encoded>{}</content:encoded></item>
<item><title>No\u202e day\x1b[31m</title><link>/2</link></item></channel></rss>""".format(
    "Snow closed the pass above the village on Friday. " * 10
)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr("factcheck.connectors.base.INTERVAL", 0.0)
    monkeypatch.setattr("factcheck.connectors.base.PAUSES", (0.0,))
    made = Site()
    yield made
    made.close()


def reliefweb(site: Site, *more: str) -> tuple[str, ...]:
    return ("refs", "pull", "reliefweb", "--query", "flood", "--base-url", site.url("/v2"),
            "--allow-local", *more)  # fmt: skip


def test_reliefweb(site: Site, own_cli: Cli) -> None:
    service = Service(site, [report(1), report(2), report(3, date=None)])
    service.reports[2]["fields"]["date"] = {"created": "2013-11-01T10:00:09+00:00"}
    service.reports.append(report(4, title=""))
    ran = own_cli(*reliefweb(site, "--appname", NAME))
    assert ran.code == 0, ran.err
    assert ran.out == "3 new, 0 unchanged, 1 skipped (no title).\n"
    assert "Skipped: 4: no title" in ran.err

    again = own_cli(*reliefweb(site), FACTCHECK_RELIEFWEB_APPNAME=NAME)
    assert again.code == 0
    assert again.out.startswith("0 new, ")

    shown = own_cli("refs", "show", "reliefweb-1", "--format", "json")
    assert json.loads(shown.out)["origins"] == ["OCHA"]

    data = json.loads(
        own_cli(*reliefweb(site, "--appname", NAME, "--restart", "--format", "json")).out
    )
    assert (data["new"], data["unchanged"], data["complete"]) == (0, 3, True)
    assert data["skipped"] == [{"what": "4", "reason": "no title", "detail": ""}]


def test_what_came_before_a_failure_is_kept(site: Site, own_cli: Cli) -> None:
    service = Service(site, [report(i, 1 + i // 20) for i in range(1, 30)])
    service.broken = dict.fromkeys(range(1, 9), page(status=503))
    ran = own_cli(*reliefweb(site, "--appname", NAME))
    assert ran.code == 4
    assert ran.out == "20 new, 0 unchanged.\n"
    lines = ran.err.splitlines()
    assert "What came before is stored; the same command goes on from there." in lines
    assert lines[-2].startswith("factcheck: ReliefWeb answers 503")
    assert NAME not in ran.err
    service.broken = {}
    assert own_cli(*reliefweb(site, "--appname", NAME)).out == "9 new, 0 unchanged.\n"


def test_ctrl_c(site: Site, own_cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from factcheck.connectors import base

    service = Service(site, [report(i) for i in range(1, 30)])

    def stop(patient: Any, url: str, **more: Any) -> Any:
        if service.asked:
            raise KeyboardInterrupt
        return whole(patient, url, **more)

    whole = base.Patient.get
    monkeypatch.setattr(base.Patient, "get", stop)
    ran = own_cli(*reliefweb(site, "--appname", NAME))
    assert ran.code == 130
    assert ran.out == "20 new, 0 unchanged.\n"
    assert "interrupted; what came is stored, and the same command goes on" in ran.err


def test_ctrl_c_while_a_service_is_waited_for(
    site: Site, own_store: Path, shared_cache: Path, tmp_path: Path
) -> None:
    """A real process and a real signal: the second page does not come."""
    service = Service(site, [report(i) for i in range(1, 30)])
    whole = site.answers["/v2/reports"]
    asked = threading.Event()

    def slow(path: str, headers: dict[str, str]) -> Any:
        if service.asked:
            asked.set()
            time.sleep(20)
        return whole(path, headers)  # type: ignore[operator]

    site.answers["/v2/reports"] = slow
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("FACTCHECK_")},
        "HOME": str(tmp_path), "FACTCHECK_STORE": str(own_store), "FACTCHECK_CACHE": str(shared_cache),
        "PYTHONUTF8": "1", "PYTHONPATH": str(Path(__file__).parents[2]),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "factcheck", *reliefweb(site, "--appname", NAME)],
        env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert asked.wait(60)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert out == "20 new, 0 unchanged.\n"
    assert "interrupted" in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("code", "args", "says"),
    [
        (3, ("--query", "x"), "approved appname"),
        (2, ("--appname", NAME), "all of ReliefWeb"),
        (2, ("--query", "x", "--since", "2013-13-01"), "is no date"),
        (2, ("--query", "x", "--since", "2013-12-01", "--until", "2013-11-01"), "after --until"),
        (2, ("--country", "XX", "--appname", NAME), "is no country"),
        (2, ("--query", "x", "--format", "xml"), "unknown format"),
        (4, ("--query", "x", "--appname", NAME, "--base-url", "http://127.0.0.1:9/v2"),
         "this machine"),
        (4, ("--query", "x", "--appname", NAME, "--base-url", "ftp://example.org"), "not fetched"),
    ],
)  # fmt: skip
def test_reliefweb_refusals(
    refused: Callable[..., Any], code: int, args: tuple[str, ...], says: str
) -> None:
    refused(code, "refs", "pull", "reliefweb", *args, says=says)


def test_a_feed(site: Site, own_cli: Cli) -> None:
    site.answers["/feed"] = page(FEED, "application/rss+xml")
    ran = own_cli("refs", "pull", "feed", site.url("/feed"), "--allow-local", "--kind", "wire")
    assert ran.code == 0, ran.err
    assert ran.out == "1 new, 0 unchanged, 1 skipped (no date).\n"
    assert "Skipped: No day" in ran.err
    assert "\x1b" not in ran.err and "\u202e" not in ran.err
    again = own_cli("refs", "pull", "feed", site.url("/feed"), "--allow-local", "-q")
    assert again.out == "0 new, 1 unchanged, 1 skipped (no date).\n"
    assert again.err == ""


def test_un_news(site: Site, own_cli: Cli) -> None:
    site.answers["/feed/subscribe/en/news/topic/health/feed/rss.xml"] = page(FEED, "text/xml")
    ran = own_cli("refs", "pull", "unnews", "--topic", "health", "--base-url", site.url(""),
                  "--allow-local")  # fmt: skip
    assert ran.code == 0, ran.err
    assert ran.out.startswith("1 new")
    listed = json.loads(own_cli("refs", "list", "--format", "json").out)
    (one,) = [r for r in listed if r["id"].startswith("unnews-")]
    assert (one["publisher"], one["kind"]) == ("UN News", "un")


@pytest.mark.parametrize(
    ("code", "args", "says"),
    [
        (2, ("feed", "feed.xml"), "is no web address"),
        (2, ("feed", "https://example.org/", "--kind", "blog"), "unknown kind"),
        (4, ("feed", "http://127.0.0.1:9/feed"), "this machine"),
        (4, ("feed", "http://2130706433/"), "odd spelling"),
        (4, ("feed", "http://user:pw@example.org/"), "password"),
        (2, ("unnews", "--language", "xx"), "no language"),
        (2, ("unnews", "--topic", "a/b"), "no name of a feed"),
        (2, ("unnews", "--topic", "health", "--region", "africa"), "at once"),
        (4, ("unnews", "--base-url", "http://localhost:9"), "this machine"),
    ],
)
def test_feed_refusals(
    refused: Callable[..., Any], code: int, args: tuple[str, ...], says: str
) -> None:
    refused(code, "refs", "pull", *args, says=says)
