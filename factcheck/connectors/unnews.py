"""UN News by its feeds: all stories of a language, those of a topic or of a region.

    https://news.un.org/feed/subscribe/en/news/all/rss.xml
    https://news.un.org/feed/subscribe/en/news/topic/humanitarian-aid/feed/rss.xml
    https://news.un.org/feed/subscribe/ar/news/region/middle-east/feed/rss.xml

A feed lists the last thirty or so and gives a summary; the text is on the page of the story.
"""

from __future__ import annotations

import re

from factcheck.errors import UsageError

SITE = "https://news.un.org"
PUBLISHER = "UN News"
LANGUAGES = ("en", "fr", "es", "ar", "zh", "ru", "pt", "sw", "hi", "ur")
# Topics that the site lists; others may exist and are asked for as given.
TOPICS = (
    "climate-change", "culture-and-education", "economic-development", "health", "human-rights",
    "humanitarian-aid", "law-and-crime-prevention", "migrants-and-refugees", "peace-and-security",
    "sdgs", "un-affairs", "women",
)  # fmt: skip
REGIONS = ("africa", "americas", "asia-pacific", "europe", "middle-east")


def feed_url(language: str, *, topic: str = "", region: str = "", site: str = SITE) -> str:
    """The address of a feed. Raises UsageError for a language or a name that cannot be one."""
    if language not in LANGUAGES:
        raise UsageError(
            f"UN News has no language `{language}`", hint=f"One of: {', '.join(LANGUAGES)}."
        )
    if topic and region:
        raise UsageError("a topic and a region at once", hint="Give --topic or --region.")
    for name, known in ((topic, TOPICS), (region, REGIONS)):
        if name and not re.fullmatch(r"[a-z][a-z0-9\-]{0,60}", name):
            raise UsageError(f"`{name}` is no name of a feed", hint=f"Such as: {', '.join(known)}.")
    start = f"{site.rstrip('/')}/feed/subscribe/{language}/news"
    if topic:
        return f"{start}/topic/{topic}/feed/rss.xml"
    return f"{start}/region/{region}/feed/rss.xml" if region else f"{start}/all/rss.xml"
