"""Standing notes, measured: 1,000 notes against 50 new reports, beside checking everything again.

    python -m bench.standing [--notes 1000] [--reports 50] [--sample 60] [--work DIR]

The notes are made of the example articles: other countries and towns in their place, other figures,
a part of the article each, in its own language. A story is an
article moved to a country; the reports are news of a few stories: the starter collection's, moved to the
same country with the same figures, every other one with figures of its own. A sample of the
notes is truly checked before the reports come in; recall is counted against checking all of its
claims again afterwards. The other notes have claims, and no verdicts yet: they are only to be found.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from factcheck import Checker, desk, standing
from factcheck.files import shipped
from factcheck.models import Article, Note, Proposal, Reference
from factcheck.noteindex import NoteIndex
from factcheck.settings import Settings
from factcheck.sources import Register
from factcheck.steps import acquire, extract, verify, write

# What stands for Syria, in the order en, id, es, fr, de, ar: stems, so that adjectives follow.
SYRIA = ("Syria", "Suriah", "Siria", "Syrie", "Syri", "سوري")
LANDS = (
    ("Libya", "Libya", "Libia", "Libye", "Liby", "ليبي"),
    ("Ethiopia", "Etiopia", "Etiopía", "Éthiopie", "Äthiopi", "إثيوبي"),
    ("Colombia", "Kolombia", "Colombia", "Colombie", "Kolumbi", "كولومبي"),
    ("Armenia", "Armenia", "Armenia", "Arménie", "Armeni", "أرميني"),
    ("Serbia", "Serbia", "Serbia", "Serbie", "Serbi", "صربي"),
    ("Bolivia", "Bolivia", "Bolivia", "Bolivie", "Bolivi", "بوليفي"),
    ("Mauritania", "Mauritania", "Mauritania", "Mauritanie", "Mauretani", "موريتاني"),
    ("Georgia", "Georgia", "Georgia", "Géorgie", "Georgi", "جورجي"),
)
ELSEWHERE = (  # for the Philippines and South Sudan, whose names take no endings here
    "Madagascar", "Fiji", "Cuba", "Haiti", "Vanuatu", "Honduras", "Jamaica", "Panama",
)  # fmt: skip
TOWNS = (  # for Aleppo, Safira, Tacloban, Juba, Bor
    ("Benghazi", "Sirte", "Misrata"), ("Gondar", "Mekele", "Jimma"), ("Cali", "Pasto", "Neiva"),
    ("Gyumri", "Vanadzor", "Goris"), ("Subotica", "Leskovac", "Pirot"), ("Potosi", "Oruro", "Tarija"),
    ("Atar", "Zouerat", "Kiffa"), ("Batumi", "Kutaisi", "Zugdidi"),
)  # fmt: skip
PLACES = (
    r"Alep(?:po|o)?\b|حلب",
    r"(?:as-)?Safira\b|Tacloban\b|Juba\b|Djouba\b|السفيرة",
    r"Bor\b|Homs\b|حمص",
)
FACTORS = (1.0, 1.3, 0.7, 1.9, 0.45)
ARABIC = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
BACK = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
NUMBER = re.compile(r"[\d٠-٩]+(?:[.,٬٫  ][\d٠-٩]+)*")


def moved(text: str, world: int, factor: float) -> str:
    """A text about somewhere else, with other figures."""
    for old, new in zip(SYRIA, LANDS[world], strict=True):
        text = re.sub(rf"\b(?:al-)?{old}", new, text)
        text = re.sub(rf"\b{old.lower()}", new.lower(), text)
    text = re.sub(r"Soudan du Sud|South Sudan|Sudan Selatan|Philippines?|Filipinas|Filipina\b",
                  ELSEWHERE[world], text)  # fmt: skip
    for pattern, town in zip(PLACES, TOWNS[world], strict=True):
        text = re.sub(pattern, town, text)
    return NUMBER.sub(lambda m: _scaled(m.group(), factor), text)


def _scaled(written: str, factor: float) -> str:
    arabic = written.translate(ARABIC) != written
    plain = written.translate(ARABIC)
    groups = re.split(r"[.,٬٫  ]", plain)
    marks = re.findall(r"[.,٬٫  ]", plain)
    if marks and len(groups[-1]) != 3:
        if len(groups) != 2 or len(groups[0]) > 2:
            return written
        scaled = f"{float('.'.join(groups)) * factor:.{len(groups[1])}f}".replace(".", marks[0])
    else:
        value = int("".join(groups))
        if value <= 31 or (not marks and 1900 <= value <= 2100):
            return written
        scaled = str(round(value * factor))
        if marks:
            scaled = f"{int(scaled):,}".replace(",", marks[0])
    return scaled.translate(BACK) if arabic else scaled


def article_of(source: Article, world: int, factor: float, part: range, shift: int) -> Article:
    paragraphs = [p for p in source.text.split("\n\n") if p.strip()]
    chosen = [paragraphs[i % len(paragraphs)] for i in part]
    text = moved("\n\n".join(dict.fromkeys(chosen)), world, factor)
    day = source.published and source.published + timedelta(days=shift)
    return replace(acquire.article(text, language=source.language), title=source.title, published=day,
                   published_inferred=False)  # fmt: skip


def unchecked(checker: Checker, article: Article) -> Note:
    """A note with the article's claims, for which nothing was searched."""
    claims, ledger = extract.extract(article, checker.analyst)
    register = Register.load()
    made = [verify.verify(c, (), (), Proposal(claim=c.id), article, register) for c in claims]
    return write.write(
        article, ledger, made, {}, analyst=checker.analyst, language="en", collection=0,
        provenance=checker._provenance(), usage=checker.analyst.usage,
    )  # fmt: skip


def reports(
    checker: Checker, chosen: list[tuple[Note, int, float]], rng: random.Random
) -> list[Reference]:
    """New reports: what the base articles' notes cite, moved to the world of a chosen note."""
    out = []
    for n, (base, world, factor) in enumerate(chosen):
        cited = [checker.store.reference(r.id) for r in base.references]
        source = rng.choice([r for r in cited if r])
        own = factor * (1.6 if n % 2 else 1.0)  # every other one has news
        late = base.article.published and base.article.published - timedelta(days=rng.randint(0, 4))
        out.append(replace(
            source, id=f"NEW{n:02}", text=moved(source.text, world, own), digest="",
            title=moved(source.title, world, own), published=late, event_date=None,
            retrieved="2026-11-01T00:00:00+00:00",
        ))  # fmt: skip
    return out


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--notes", type=int, default=1000)
    options.add_argument("--reports", type=int, default=50)
    options.add_argument("--stories", type=int, default=4)
    options.add_argument("--sample", type=int, default=60)
    options.add_argument("--work", type=Path, required=True)
    options.add_argument("-v", action="store_true", help="print what was missed")
    o = options.parse_args()
    rng = random.Random(7)  # noqa: S311 - the same notes every time
    o.work.mkdir(parents=True, exist_ok=True)
    folder = o.work / "notes"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    settings = replace(Settings.load(), store=o.work / "store")
    shutil.rmtree(settings.store, ignore_errors=True)
    began = time.monotonic()
    with Checker(settings) as checker:
        checker.get_ready()
        sources = [acquire.acquire(p) for p in sorted((shipped("seeds") / "articles").glob("*.md"))]
        bases = [checker.check(s) for s in sources]
        plans = []
        for n in range(o.notes):
            at, world, factor = n % len(sources), rng.randrange(len(LANDS)), rng.choice(FACTORS)
            first = rng.randrange(8)
            plans.append((at, world, factor, range(first, first + 4), rng.randint(0, 6)))
        stories = rng.sample(sorted({p[:2] for p in plans}), o.stories)
        of_them = [n for n, p in enumerate(plans) if p[:2] in stories]
        touched = [rng.choice(of_them) for _ in range(o.reports)]
        sample = set(rng.sample(of_them, min(len(of_them), o.sample // 2)))
        sample |= set(rng.sample(range(o.notes), o.sample // 2))
        claims = 0
        for n, plan in enumerate(plans):
            article = article_of(sources[plan[0]], *plan[1:])
            note = checker.check(article) if n in sample else unchecked(checker, article)
            claims += len(note.assessments)
            (folder / f"note{n:04}.json").write_text(desk.dumped(note.to_json()), encoding="utf-8")
        print(
            f"{o.notes} notes with {claims} claims made in {time.monotonic() - began:.0f} s",
            flush=True,
        )

        began = time.monotonic()
        with NoteIndex(folder, settings.cache, checker.store.embedder) as notes:
            notes.refresh()
            print(f"indexed in {time.monotonic() - began:.1f} s", flush=True)
            began = time.monotonic()
            notes.vectors([c.n for c in notes.kept()], "sentence")
            print(f"sentences embedded in {time.monotonic() - began:.1f} s (once)", flush=True)
            new = reports(
                checker, [(bases[plans[n][0]], plans[n][1], plans[n][2]) for n in touched], rng
            )
            checker.store.add(new)
            began = time.monotonic()
            notes.refresh()
            found = standing.concerned(notes, checker.store, new)
            took = time.monotonic() - began
            of_story = {f"note{n:04}.json" for n in of_them}
        count = sum(len(c) for c in found.values())
        print(f"concerned: {len(found)} notes, {count} claims, found in {took:.1f} s;"
              f" {len(of_story & found.keys())} of the {len(of_story)} notes of the stories",
              flush=True)  # fmt: skip

        changed = hit = looked = full = 0
        began = time.monotonic()
        missed = []
        for n in sorted(sample):
            name = f"note{n:04}.json"
            note = desk.read(folder / name, checker.store.reference).note
            result = standing.recheck(checker, note)
            mine = found.get(name, set())
            full += result.checked
            looked += len(mine)
            for change in result.changes:
                changed += 1
                hit += change.claim in mine
                if change.claim not in mine:
                    missed.append((name, change))
        took = time.monotonic() - began
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"sample: {len(sample)} notes, {full} claims all checked again in {took:.1f} s")
    print(f"  would change: {changed}; among those looked at ({looked}): {hit}"
          f" = recall {hit / max(1, changed):.3f}, precision {hit / max(1, looked):.3f}")  # fmt: skip
    own = [c for _, c in missed if any(r.reference.startswith("NEW") for r in c.why)]
    print(f"  of what was missed a new report is cited in {len(own)}; the rest is the search, which has"
          " more to choose from")  # fmt: skip
    for name, change in missed if "-v" in sys.argv else ():
        why = "; ".join(standing.reason_line(r) for r in change.why)
        print(
            f"  missed: {name} {change.claim} {change.before} -> {change.now} {change.flags_gained} {why}"
        )
    command = [sys.executable, "-m", "factcheck", "recheck", "--all", str(folder), "--since-refs",
               "2026-11-01", "--store", str(settings.store), "--format", "json"]  # fmt: skip
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    took, work = time.monotonic() - began, os.times()
    data = json.loads(done.stdout)
    moved_ = sum(bool(n["changes"]) for n in data["notes"])
    print(f"factcheck recheck --all --since-refs: {took:.1f} s as a process "
          f"({work.children_user + work.children_system:.1f} s of work), {data['since_refs']}, "
          f"{sum(n['checked'] for n in data['notes'])} claims checked, {moved_} notes changed")  # fmt: skip


if __name__ == "__main__":
    main()
