"""Articles in languages beside the seven of the gold: what was reached once is reached again.

`tests/data/languages/XX-NAME.md` is an article, `.jsonl` its labels (as in seeds/gold), `.toml` its
floors: `accuracy` at least, `false_support` at most.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from factcheck import Checker, evaluate
from factcheck.text import lexicon

ARTICLES = sorted((Path(__file__).parent.parent / "data" / "languages").glob("*.md"))


def test_every_language_with_terms_of_its_own_has_an_article() -> None:
    further = {p.name.removesuffix(".toml") for p in _files("words")}
    assert {a.name[:2] for a in ARTICLES} == further
    assert further <= {p.name.removesuffix(".toml") for p in _files("frames")}


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: a.stem)
def test_an_article_is_checked_as_well_as_before(article: Path, checker: Checker) -> None:
    floors = tomllib.loads(article.with_suffix(".toml").read_text(encoding="utf-8"))
    labels = evaluate.read_gold(article.with_suffix(".jsonl"), [article])[article]
    reached = evaluate.score(checker.check(article), labels, checker.store.reference).figures()
    assert reached["accuracy"] >= floors["accuracy"]
    assert reached["false_support_rate"] <= floors["false_support"]
    assert reached["citations_verified"] == 1.0


@pytest.mark.parametrize("language", [c for c in lexicon.LANGUAGES if len(c) == 2])
def test_every_term_leads_back_to_its_concept(language: str) -> None:
    """A term that is found in no text, or for another concept alone, is a slip of the pen."""
    if language not in {p.name.removesuffix(".toml") for p in _files("words")}:
        pytest.skip("its terms stand in the concepts' own files")
    terms = lexicon._own_terms(language)
    assert set(terms) <= set(lexicon.concepts())
    lost = [
        (concept, term)
        for concept, listed in terms.items()
        for term in listed
        if concept not in {m.concept.name for m in lexicon.mentions(term, language)}
    ]
    assert not lost


def _files(folder: str) -> list[Path]:
    root = Path(lexicon.__file__).parent.parent / "lexicon"
    return list((root / folder).glob("*.toml"))
