"""A server that speaks ReliefWeb's documented protocol over a list of reports."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fetch.server import Site, page


def report(id: int, day: int = 1, **changed: Any) -> dict[str, Any]:
    """A report as the service lists it; a field that is None is left out."""
    fields: dict[str, Any] = {
        "title": f"Situation report {id}",
        "body": f"Flood number {id} displaced {id} families.",
        "body-html": f"<p>Flood number {id} displaced <b>{id}</b> families.</p>",
        "url": f"https://reliefweb.int/node/{id}",
        "url_alias": f"https://reliefweb.int/report/somewhere/situation-report-{id}",
        "date": {
            "created": f"2013-11-{day:02}T10:00:{id % 60:02}+00:00",
            "original": f"2013-10-{day:02}T00:00:00+00:00",
        },
        "source": [{"name": "UN Office for the Coordination of Humanitarian Affairs",
                    "shortname": "OCHA", "type": {"id": 272, "name": "International Organization"}}],
        "country": [{"name": "Philippines", "iso3": "phl"}],
        "language": [{"code": "en"}],
        "theme": [{"name": "Shelter and Non-Food Items"}, {"name": "Health"}],
        **changed,
    }  # fmt: skip
    return {"id": str(id), "score": 1, "href": "https://api.reliefweb.int/v2/reports/1",
            "fields": {k: v for k, v in fields.items() if v is not None}}  # fmt: skip


class Service:
    """`asked` holds the parameters of each call, `broken` answers to give instead, by their turn."""

    def __init__(self, site: Site, reports: list[dict[str, Any]]) -> None:
        self.reports, self.api = reports, site.url("/v2")
        self.asked: list[list[tuple[str, str]]] = []
        self.broken: dict[int, bytes] = {}
        site.answers["/v2/reports"] = self._answer
        site.answers["/robots.txt"] = page("User-agent: *\nDisallow: /", "text/plain")

    def _answer(self, path: str, headers: dict[str, str]) -> bytes:
        asked = parse_qsl(urlsplit(path).query, keep_blank_values=True)
        self.asked.append(asked)
        if len(self.asked) - 1 in self.broken:
            return self.broken[len(self.asked) - 1]
        values = dict(asked)
        if values.get("appname") != "example-newsroom-x7":
            return error(403, "You are not using an approved appname.")
        start = next((v for k, v in asked if k.endswith("[value][from]")), "")
        found = [r for r in self.reports if not start or _created(r) >= _time(start)]
        found.sort(key=_created)
        offset, limit = int(values["offset"]), int(values["limit"])
        part = found[offset : offset + limit]
        return page(
            json.dumps({"href": self.api, "time": 3, "links": {}, "totalCount": len(found),
                        "count": len(part), "data": part}),
            "application/json",
        )  # fmt: skip


def error(status: int, message: str, **headers: str) -> bytes:
    body = {"status": status, "error": {"type": "Exception", "message": message}}
    return page(json.dumps(body), "application/json", status=status, **headers)


def _created(report: dict[str, Any]) -> datetime:
    return _time(report["fields"]["date"]["created"])


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
