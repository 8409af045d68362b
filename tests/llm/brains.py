"""Minds for the model server: they read a prompt as a model would and answer in its shape.

They see nothing but the request, so that they break when a prompt stops saying what it must.
"""

from __future__ import annotations

import json
import re
from typing import Any

Body = dict[str, Any]
_DATA = re.compile(r"<DATA (\w+)>\n(.*?)\n</DATA \1>", re.DOTALL)


def system(body: Body) -> str:
    return next(m["content"] for m in body["messages"] if m["role"] == "system")


def user(body: Body) -> str:
    return next(m["content"] for m in body["messages"] if m["role"] == "user")


def step(body: Body) -> str:
    """Which of the prompts a request was made from."""
    said = system(body)
    for name, words in (
        ("extract", "You read a news article"),
        ("judge", "You compare claims"),
        ("write", "You write the explanations"),
        ("answer", "You answer an editor"),
        ("probe", '"ready": true'),
    ):
        if words in said:
            return name
    raise AssertionError(f"an unknown prompt: {said[:80]}")


def blocks(body: Body) -> list[str]:
    """The texts between the DATA marks."""
    return [m[2] for m in _DATA.finditer(user(body))]


def sentences(body: Body) -> list[tuple[int, str]]:
    """The numbered sentences of an `extract` request."""
    lines = [re.fullmatch(r"\[(\d+)\] (.*)", x) for x in blocks(body)[1].splitlines()]
    return [(int(m[1]), m[2]) for m in lines if m]


def claims(body: Body) -> list[tuple[int, str, list[int]]]:
    """The claims of a `judge` request: number, restatement, sentences to look at."""
    out = []
    for line in blocks(body)[0].splitlines():
        number, statement, *rest = line.split(" | ")
        look = next(r for r in rest if r.startswith("look at: "))
        out.append((int(number), statement, [int(n) for n in look[9:].split()]))
    return out


def evidence(body: Body) -> dict[int, str]:
    """The numbered sentences of reports of a `judge` request."""
    lines = [x.split(" | ", 2) for x in blocks(body)[1].splitlines()]
    return {int(n): text for n, _, text in lines}


def extracted(body: Body) -> dict[str, Any]:
    return {
        "sentences": [
            {
                "n": n,
                "kind": "claim",
                "reason": "",
                "claims": [
                    {"anchor": t, "statement": t, "kind": "event", "chain": [], "loaded": []}
                ],
            }
            for n, t in sentences(body)
        ]
    }


def judged(body: Body, stance: str = "supports") -> dict[str, Any]:
    return {
        "claims": [
            {
                "claim": n,
                "pointers": [
                    {"e": e, "stance": stance, "aspect": "so", "differs": ""} for e in look[:2]
                ],
            }
            for n, _, look in claims(body)
        ]
    }


def written(body: Body) -> dict[str, Any]:
    out = []
    for line in blocks(body)[0].splitlines():
        id, _, _, _, *quotes = line.split(" | ")
        first = re.match(r"(\S+) \w+ \((.*), (\S+)\): ", quotes[0])
        assert first, quotes
        text = f"This was reported by {first[2]} and by nobody else before the article."
        if "Indonesian" in user(body):
            text = (
                f"Hal ini dilaporkan oleh {first[2]} dan tidak oleh pihak lain sebelum artikel ini."
            )
        out.append({"claim": id, "sentences": [{"text": text, "cites": [first[1]]}]})
    summary = [out[0]["sentences"][0]] if "summary" in user(body) else []
    return {"claims": out, "summary": summary}


def plain(body: Body) -> str:
    """Every sentence is one claim, the first two offered sentences support it."""
    made = {
        "extract": extracted,
        "judge": judged,
        "write": written,
        "answer": lambda _: {"sentences": [], "missing": "Nothing was found."},
        "probe": lambda _: {"ready": True},
    }[step(body)](body)
    return json.dumps(made, ensure_ascii=False)
