"""Said, and so; time; origin, rumours: nine sets of tiny collections, each with its floor."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from bench import floors
from factcheck.errors import InputError
from factcheck.evaluate import rows, sets
from factcheck.settings import Settings

NAMES = [p.stem for p in floors.SETS]


@pytest.fixture(scope="module")
def desk(shared_cache):
    with sets.desk(Settings.load(cache=shared_cache)) as checker:
        yield checker


def test_there_are_thirty_cases_of_each_in_several_languages() -> None:
    assert len(floors.SETS) == 10
    ids = Counter()
    for path in floors.SETS:
        cases = [c for row in rows.read(path).rows for c in row["cases"]]
        assert len(cases) >= 30, path.name
        assert len({c["lang"] for c in cases}) >= 6, path.name
        assert len({c["verdict"] for c in cases}) >= 2, path.name
        ids.update(c["id"] for c in cases)
    assert max(ids.values()) == 1


@pytest.mark.parametrize("path", floors.SETS, ids=NAMES)
def test_a_set_reaches_its_floor(desk, path) -> None:
    outcomes = sets.run(rows.read(path), desk)
    figures = sets.figures(outcomes)
    _, known = floors.load()
    name = f"sets/{path.stem}"
    fallen = floors.falls({name: known[name]}, {name: floors.of_set(figures)})
    failing = "\n".join(o.line() for o in outcomes if o.wrong)
    assert not fallen, f"{', '.join(map(str, fallen))}\n{failing}"


SCENE = {
    "id": "x-1",
    "reports": [
        {"publisher": "WHO", "kind": "un", "published": "2014-09-05", "language": "en",
         "origins": ["WHO"], "text": "WHO counts 2,097 deaths from Ebola in West Africa."}
    ],
    "cases": [
        {"id": "x1", "lang": "en", "published": "2014-09-07", "verdict": "supported",
         "article": "Ebola has killed 2,097 people in West Africa, WHO says.",
         "flags": ["single_origin"], "origins": 1},
    ],
}  # fmt: skip


def outcome(desk, jsonl, **changes):
    case = {**SCENE["cases"][0], **changes}
    return sets.run(rows.read(jsonl({**SCENE, "cases": [case]})), desk)[0]


def test_what_is_not_as_expected_is_named(desk, jsonl) -> None:
    assert outcome(desk, jsonl).wrong == ()
    assert outcome(desk, jsonl, verdict="contradicted").wrong == ("supported, not contradicted",)
    assert outcome(desk, jsonl, flags=["hindsight"]).wrong == ("no flag hindsight",)
    assert outcome(desk, jsonl, without=["single_origin"]).wrong == ("flag single_origin",)
    assert outcome(desk, jsonl, origins=2).wrong == ("1 origins, not 2",)


def test_only_the_reports_of_the_scene_are_there(desk, jsonl) -> None:
    other = json.loads(json.dumps(SCENE).replace("x-1", "x-2").replace("Ebola", "cholera"))
    other["cases"][0] |= {"id": "x2", "verdict": "not_enough_evidence", "flags": [], "origins": 0}
    other["cases"][0]["article"] = SCENE["cases"][0]["article"]
    found = sets.run(rows.read(jsonl(SCENE, other)), desk)
    assert found[0].verdict == "supported"
    assert {r.id for r in desk.store.references()} == {"x-2-r1"}


@pytest.mark.parametrize(
    "scene",
    [
        {**SCENE, "cases": []},
        {**SCENE, "reports": None},
        {**SCENE, "reports": [{"publisher": "WHO"}]},
        {**SCENE, "cases": [{"id": "x"}]},
        {**SCENE, "cases": [{**SCENE["cases"][0], "verdict": "yes"}]},
        {**SCENE, "cases": [{**SCENE["cases"][0], "claim": "not there"}]},
    ],
)
def test_a_scene_of_another_form_is_refused(desk, jsonl, scene) -> None:
    with pytest.raises(InputError, match="line 1"):
        sets.run(rows.read(jsonl(scene)), desk)
