"""factcheck: an article goes in, a cited verification note comes out.

    from factcheck import Checker

    note = Checker().check("article.txt")
    for assessment in note.assessments:
        print(assessment.claim.said, assessment.verdict, assessment.flags)

Names are imported on first use, so that `import factcheck` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factcheck._version import __version__

if TYPE_CHECKING:
    from factcheck.conversation import Conversation
    from factcheck.errors import (
        BudgetReached,
        CitationBroken,
        ConfigError,
        FactcheckError,
        InputError,
        ServiceError,
        UsageError,
    )
    from factcheck.models import (
        Article,
        Assessment,
        Citation,
        Claim,
        Evidence,
        Fault,
        FigureCheck,
        Note,
        Reference,
        Stance,
        Usage,
        Verdict,
    )
    from factcheck.pipeline import Checker, Event
    from factcheck.provider.budget import Limits
    from factcheck.questions import Answer
    from factcheck.settings import Settings
    from factcheck.steps.acquire import article

_HOME = {
    "Answer": "questions",
    "article": "steps.acquire",
    "Article": "models",
    "Assessment": "models",
    "BudgetReached": "errors",
    "Checker": "pipeline",
    "Citation": "models",
    "CitationBroken": "errors",
    "Claim": "models",
    "ConfigError": "errors",
    "Conversation": "conversation",
    "Event": "pipeline",
    "Evidence": "models",
    "FactcheckError": "errors",
    "Fault": "models",
    "FigureCheck": "models",
    "InputError": "errors",
    "Limits": "provider.budget",
    "Note": "models",
    "Reference": "models",
    "ServiceError": "errors",
    "Settings": "settings",
    "Stance": "models",
    "Usage": "models",
    "UsageError": "errors",
    "Verdict": "models",
}

__all__ = [
    "Answer",
    "Article",
    "Assessment",
    "BudgetReached",
    "Checker",
    "Citation",
    "CitationBroken",
    "Claim",
    "ConfigError",
    "Conversation",
    "Event",
    "Evidence",
    "FactcheckError",
    "Fault",
    "FigureCheck",
    "InputError",
    "Limits",
    "Note",
    "Reference",
    "ServiceError",
    "Settings",
    "Stance",
    "Usage",
    "UsageError",
    "Verdict",
    "__version__",
    "article",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'factcheck' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"factcheck.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
