"""`factcheck eval ...` as its users run it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tests.conftest import ROOT
from tests.faces.conftest import Cli

CLAIM = "SOHR said 517 people were killed by barrel bombs in Aleppo in December 2013."
ARTICLE = "On 14 November 2013 the UN gave 4,460 dead from Typhoon Haiyan.\n"


def written(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{json.dumps(r)}\n" for r in rows), encoding="utf-8")
    return path


def claims(work: Path) -> Path:
    return written(
        work / "claims.jsonl",
        {"id": "a", "lang": "en", "claim": CLAIM, "evidence": [{"text": CLAIM}],
         "label": "supported"},
        {"id": "b", "lang": "en", "claim": CLAIM.replace("517", "715"),
         "evidence": [{"text": CLAIM}], "label": "contradicted"},
    )  # fmt: skip


def test_verdict_as_json(cli: Cli, work: Path) -> None:
    path = claims(work)
    ran = cli("eval", "verdict", path, "--format", "json", "--cases", "--seed", "5")
    found = json.loads(ran.out)
    assert ran.code == 0 and found["accuracy"] == 1.0 and found["false_support_rate"] == 0.0
    assert found["data"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found["data"]["seed"] == 5
    assert found["run"]["analyst"] == "local" and found["run"]["model"] is None
    assert [c["id"] for c in found["cases"]] == ["a", "b"]


def test_verdict_as_a_table_of_fewer_rows(cli: Cli, work: Path) -> None:
    ran = cli("eval", "verdict", claims(work), "--limit", "1")
    assert ran.code == 0
    assert "accuracy" in ran.out and "1 of 2 rows" in ran.out


def test_extraction(cli: Cli, work: Path) -> None:
    path = written(work / "x.jsonl", {"lang": "en", "text": CLAIM, "check_worthy": True})
    found = json.loads(cli("eval", "extraction", path, "--format", "json").out)
    assert (found["shape"], found["f1"]) == ("checkworthy", 1.0)


def test_citations_of_a_note_and_its_stability(cli: Cli, work: Path) -> None:
    article = work / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    assert cli("check", article, "--format", "json", "-o", work / "note.json").code == 0
    found = json.loads(cli("eval", "citations", work / "note.json", "--format", "json").out)
    assert found["citations"] and found["verbatim"] == found["resolvable"] == 1.0
    assert found["citation_recall"] is None and found["run"]["judged"] is False
    found = json.loads(cli("eval", "stability", article, "--runs", "2", "--format", "json").out)
    assert found["stable"] == 1.0 and found["runs"] == 2


def test_sets_in_text_name_the_failing_cases(cli: Cli, work: Path) -> None:
    scene = {
        "id": "s-1",
        "reports": [{"publisher": "WHO", "kind": "un", "published": "2014-09-05",
                     "language": "en", "text": "WHO counts 2,097 deaths from Ebola."}],
        "cases": [{"id": "s1", "lang": "en", "published": "2014-09-07", "verdict": "disputed",
                   "article": "Ebola has killed 2,097 people, WHO says."}],
    }  # fmt: skip
    ran = cli("eval", "sets", written(work / "mine.jsonl", scene), "--cases")
    assert ran.code == 0
    assert "failing: s1" in ran.out and "supported, not disputed" in ran.out


def test_notes_with_a_folder_of_labels(cli: Cli) -> None:
    article = ROOT / "seeds" / "articles" / "haiyan-aid.en.md"
    ran = cli("eval", "notes", ROOT / "seeds" / "gold", article, "--format", "json", "--limit", "5")
    found = json.loads(ran.out)
    assert ran.code == 0 and found["spans"] == 5
    assert set(found["data"]["sha256_of"]) == {"haiyan-aid.en.jsonl", "haiyan-aid.en.md"}
    assert found["run"]["store"]


def test_every_measure_says_of_what_data_and_by_whom(cli: Cli, work: Path) -> None:
    article, gold = "soudan-du-sud.fr", ROOT / "seeds" / "gold"
    data = work / "pairs"
    data.mkdir()
    written(
        data / "queries.jsonl", {"id": "q", "text": "Typhoon Haiyan killed 4,460", "lang": "en"}
    )
    written(data / "corpus.jsonl", {"id": "d", "text": ARTICLE.strip(), "lang": "en"})
    (data / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\td\t1\n")
    rows = claims(work)
    for arguments, hashed in (
        (("verdict", rows), rows),
        (("extraction", written(work / "x.jsonl", {"lang": "en", "text": CLAIM, "check_worthy": True})),
         work / "x.jsonl"),
        (("notes", gold / f"{article}.jsonl", ROOT / "seeds" / "articles" / f"{article}.md", "-q"),
         gold / f"{article}.jsonl"),
        (("retrieval", data, "-q"), None),
    ):  # fmt: skip
        ran = cli("eval", *arguments)
        assert ran.code == 0, ran
        assert "factcheck 0." in ran.out.splitlines()[-1], ran.out
        found = json.loads(cli("eval", *arguments, "--format", "json").out)
        assert {"factcheck", "embedding"} <= set(found["run"]), arguments
        hashes = found["data"].get("sha256") or json.dumps(found["data"].get("sha256_of"))
        if hashed is not None:
            mine = hashlib.sha256(hashed.read_bytes()).hexdigest()
            assert mine in hashes and mine[:12] in ran.out, arguments
        else:
            assert hashes and hashes[:12] in ran.out


def test_what_is_wrong_is_said_with_its_line(cli: Cli, work: Path) -> None:
    bad = written(work / "bad.jsonl", {"claim": CLAIM, "evidence": [], "label": "perhaps"})
    ran = cli("eval", "verdict", bad)
    assert ran.code == 4 and "line 1" in ran.err and "perhaps" in ran.err
    assert cli("eval", "verdict", work / "missing.jsonl").code == 4
    assert cli("eval", "verdict", bad, "--format", "xml").code == 2
    assert cli("eval", "extraction", bad).code == 4
    assert cli("eval", "citations", bad).code == 4
    assert cli("eval", "sets", bad).code == 4
    assert cli("eval", "stability", work / "missing.txt").code == 4
    assert cli("eval", "verdict", bad, "--limit", "0").code == 2
