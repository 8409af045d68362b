"""One scripted model for both sides: it reads our prompts and the baseline's, and answers in shape.

It finds the same claims and restates them in the same words for both, and explains a verdict at
about the same length, so that what differs between the two is what they send. As a real model's, a
restatement is never letter for letter a sentence of the article: dates are written out.
"""

from __future__ import annotations

import json
import re
from typing import Any

from bench import articles, baseline
from tests.llm import brains

Body = dict[str, Any]
_QUOTE = re.compile(r"(\S+) \w+ \((.*?), (\d{4}-\d\d-\d\d|undated)\): ")
_KNOWN = {text: line for line in articles.lines(120) for text in (line.en, line.id) if text}
_DAY = re.compile(
    r"(January|February|June|July|August|September|October|November) (\d{1,2})\b(?!, 2)"
)
_EXPLAINED = {
    "en": "This was reported by {}, whose account is the one that bears on the sentence.",
    "id": "Hal ini dilaporkan oleh {}, dan laporan itulah yang berkaitan dengan kalimat ini.",
}


def step(body: Body) -> str:
    """Which prompt a request was made from."""
    said = brains.system(body)
    for name, prompt in (("claims", baseline.EXTRACT), ("verdict", baseline.VERDICT)):
        if said == prompt:
            return f"baseline {name}"
    return brains.step(body)


def answer(body: Body) -> str:
    """The content of an answer."""
    made = {
        "extract": _extracted,
        "judge": brains.judged,
        "write": _written,
        "baseline claims": _listed,
        "baseline verdict": _decided,
    }[step(body)](body)
    return json.dumps(made, ensure_ascii=False)


def restated(line: articles.Line) -> str:
    """The statement of a sentence's claim: English, complete, with whole dates."""
    dated, count = _DAY.subn(r"\1 \2, 2013", line.en.rstrip("."))
    return f"{dated}." if count else f"{dated} (reported in November 2013)."


def _extracted(body: Body) -> Body:
    return {"sentences": [_sentence(n, text) for n, text in brains.sentences(body)]}


def _sentence(n: int, text: str) -> Body:
    known = _KNOWN.get(text)
    line = known or articles.Line("event", text)
    if line.kind in ("background", "boilerplate"):
        return {"n": n, "kind": line.kind, "reason": "nothing to check", "claims": []}
    who = line.who[text == line.id]
    claim = {
        "anchor": text.rstrip("."),
        "statement": restated(line) if known else text,
        "kind": line.kind,
        "chain": [{"who": who, "role": "speaker"}] if who else [],
        "loaded": [],
    }
    if line.kind == "opinion":
        return {"n": n, "kind": "opinion", "reason": "evaluation", "claims": [claim]}
    return {"n": n, "kind": "claim", "reason": "", "claims": [claim]}


def _written(body: Body) -> Body:
    language = "id" if "Language to write in: Indonesian" in brains.user(body) else "en"
    claims = []
    for row in brains.blocks(body)[0].splitlines():
        id, _, _, _, *quotes = row.split(" | ")
        cited = [m for q in quotes if (m := _QUOTE.match(q))][:2]
        sentences = [{"text": _EXPLAINED[language].format(m[2]), "cites": [m[1]]} for m in cited]
        claims.append({"claim": id, "sentences": sentences})
    wanted = brains.user(body).split("Asked for: ", 1)[1].splitlines()[0]
    summary = [c["sentences"][0] for c in claims[:4]] if "summary" in wanted else []
    return {"claims": [] if wanted.endswith("alone") else claims, "summary": summary}


def _listed(body: Body) -> Body:
    """Every checkable sentence of the article, restated in English."""
    said = brains.user(body)
    return {"claims": [restated(x) for t, x in _KNOWN.items() if x.checkable and t in said]}


def _decided(_: Body) -> Body:
    said = _EXPLAINED["en"].format("one of the reports")
    return {"verdict": "supported", "explanation": f"{said} {said}"}
