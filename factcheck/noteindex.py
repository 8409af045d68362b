"""The claims of all notes in a folder: by names, places and concepts, by figures, by meaning.

One SQLite file in the cache folder for each folder of notes. It can be made again from the notes at
any time: a file is read when its time or size differs and indexed again when its content does; where
the rules read otherwise than when it was made, it is made anew. What they read of a claim is kept
with it (`claimread`). Vectors are computed when they are first asked for and kept with the claim;
the sentence's is that by which the check searched, so on the machine that checked it comes out of
the cache.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from factcheck import claimread, desk, history, reading
from factcheck.claimread import ClaimRead
from factcheck.embed import CachedEmbedder
from factcheck.errors import FactcheckError, InputError, ServiceError
from factcheck.evidence import near_countries, remember_countries, remember_setting, sentence_of
from factcheck.models import NOTE_SCHEMA, Article, Assessment, Claim, Note, Reference
from factcheck.reading import Reading
from factcheck.text.figures import Figure

SCHEMA = 4
_AT_ONCE = 500
_CHUNK = 256  # texts embedded before their vectors are kept
_MARK = b"factcheck.note/"
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS note (
    path TEXT PRIMARY KEY, mtime INTEGER, size INTEGER, sha256 TEXT, problem TEXT, title TEXT,
    published TEXT, language TEXT, near TEXT, signed_by TEXT, signed_at TEXT, stands INTEGER);
CREATE TABLE IF NOT EXISTS claim (
    n INTEGER PRIMARY KEY, path TEXT, id TEXT, said TEXT, statement TEXT, sentence TEXT,
    language TEXT, verdict TEXT, decided TEXT, dropped INTEGER,
    by_sentence BLOB, by_statement BLOB, usual REAL);
CREATE TABLE IF NOT EXISTS told (claim INTEGER PRIMARY KEY, read TEXT);
CREATE INDEX IF NOT EXISTS claim_of ON claim (path);
CREATE TABLE IF NOT EXISTS key (key TEXT, claim INTEGER);
CREATE INDEX IF NOT EXISTS key_is ON key (key);
CREATE INDEX IF NOT EXISTS key_of ON key (claim);
CREATE TABLE IF NOT EXISTS figure (quantity TEXT, land TEXT, value REAL, claim INTEGER);
CREATE INDEX IF NOT EXISTS figure_is ON figure (quantity);
CREATE INDEX IF NOT EXISTS figure_of ON figure (claim);
CREATE TABLE IF NOT EXISTS cites (reference TEXT, told TEXT, path TEXT);
CREATE INDEX IF NOT EXISTS cites_of ON cites (path);
"""

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]
Nearest = Callable[[Vectors], Sequence[float]]  # for each vector a cosine


@dataclass(frozen=True, slots=True)
class Kept:
    """A claim in the index, with what is needed to show it.

    `verdict` is the machine's, `decided` the editor's ("" where there is none); `near` are the
    countries of the article.
    """

    n: int
    path: str
    id: str
    said: str
    statement: str
    language: str
    verdict: str
    decided: str
    dropped: bool
    title: str
    published: date | None
    near: frozenset[str]
    signed_by: str
    signed_at: str
    stands: bool


class NoteIndex:
    """The index of the notes below `folder`. `refresh` it before it is asked."""

    def __init__(self, folder: Path, cache: Path, embedder: CachedEmbedder) -> None:
        if not folder.is_dir():
            raise InputError(f"{folder} is no folder", hint="Name the folder that holds the notes.")
        self.folder, self.embedder = folder.resolve(), embedder
        name = hashlib.sha256(str(self.folder).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self._path = cache / "notes" / f"{name}.sqlite3"
        self._db = self._opened()

    def __enter__(self) -> NoteIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def _opened(self) -> sqlite3.Connection:
        """The database; one that is damaged, or of another layout or embedding, is made anew."""
        mine = {
            "schema": str(SCHEMA),
            "embedding": self.embedder.name,
            "rules": reading.rules(),
        }
        for again in (False, True):
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                db = sqlite3.connect(self._path, timeout=30)
                db.executescript(_TABLES)
                found = dict(db.execute("SELECT key, value FROM meta"))
                if found in ({}, mine) or again:
                    with db:
                        db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", mine.items())
                    return db
                db.close()
            except (sqlite3.Error, OSError) as error:
                if again or isinstance(error, sqlite3.OperationalError | OSError):
                    raise ServiceError(
                        f"the index of notes {self._path} cannot be opened: {error}",
                        hint="Check the cache folder (FACTCHECK_CACHE), or remove that file.",
                    ) from error
            self._path.unlink(missing_ok=True)
        raise AssertionError("unreachable")

    # ------------------------------------------------------------ keeping up

    def refresh(self, progress: Progress = lambda a, b: None) -> list[tuple[str, str]]:
        """Bring the index up to date; (path, what is wrong) of the notes that cannot be read."""
        known = {
            path: (mtime, size, sha256)
            for path, mtime, size, sha256 in self._db.execute(
                "SELECT path, mtime, size, sha256 FROM note"
            )
        }
        files = list(_files(self.folder))
        names = {self._name(f) for f in files}
        with self._db:
            for gone in known.keys() - names:
                self._forget(gone)
        stale = []
        for file in files:
            try:
                stat = file.stat()
            except OSError:
                continue
            if known.get(self._name(file), ())[:2] != (stat.st_mtime_ns, stat.st_size):
                stale.append((file, stat.st_mtime_ns, stat.st_size))
        for n, (file, mtime, size) in enumerate(stale, 1):
            self._look(file, mtime, size, known.get(self._name(file), (0, 0, ""))[2])
            progress(n, len(stale))
        rows = self._db.execute("SELECT path, problem FROM note WHERE problem != '' ORDER BY path")
        return [(str(p), str(w)) for p, w in rows]

    def path(self, name: str) -> Path:
        """Where a note of the index lies."""
        return self.folder / name.encode("utf-8", "surrogateescape").decode(
            "utf-8", "surrogateescape"
        )

    def name(self, path: Path) -> str:
        """What a note is called in the index; "" for one that lies elsewhere."""
        try:
            return path.resolve().relative_to(self.folder).as_posix()
        except ValueError:
            return ""

    def _name(self, file: Path) -> str:
        return file.relative_to(self.folder).as_posix()

    def _forget(self, name: str) -> None:
        for table in ("key", "figure", "told"):
            self._db.execute(
                f"DELETE FROM {table} WHERE claim IN (SELECT n FROM claim WHERE path = ?)",  # noqa: S608
                (name,),
            )
        for table in ("claim", "cites", "note"):
            self._db.execute(f"DELETE FROM {table} WHERE path = ?", (name,))  # noqa: S608

    def _look(self, file: Path, mtime: int, size: int, before: str) -> None:
        name = self._name(file)
        try:
            data = file.read_bytes()
        except OSError as error:
            data, problem = b"", f"cannot be read: {error.strerror or error}"
        else:
            problem = ""
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 == before:
            with self._db:
                self._db.execute(
                    "UPDATE note SET mtime = ?, size = ? WHERE path = ?", (mtime, size, name)
                )
            return
        if not problem and _MARK not in data[:4096]:
            return  # some other JSON
        note = None
        if not problem:
            try:
                note = desk.read(file).note
            except FactcheckError as error:
                problem = str(error)
        with self._db:
            self._forget(name)
            self._keep(name, mtime, size, sha256, note, problem)

    def _keep(
        self, name: str, mtime: int, size: int, sha256: str, note: Note | None, problem: str
    ) -> None:
        signature = history.signed(note) if note else None
        article = note.article if note else Article(text="", sha256="")
        near = near_countries(article) if note else frozenset()
        self._db.execute(
            "INSERT INTO note VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                name, mtime, size, sha256, problem, article.title or "",
                article.published.isoformat() if article.published else "", article.language,
                " ".join(sorted(near)), signature.by if signature else "",
                signature.at if signature else "", bool(signature and signature.stands),
            ),
        )  # fmt: skip
        for assessment in note.assessments if note else ():
            self._keep_claim(name, note, assessment, near)
        rows = [(r.id, told_by(r), name) for r in (note.references if note else ())]
        self._db.executemany("INSERT INTO cites VALUES (?, ?, ?)", rows)

    def _keep_claim(
        self, name: str, note: Note | None, a: Assessment, near: frozenset[str]
    ) -> None:
        assert note
        claim, article = a.claim, note.article
        decided = note.decided(claim.id, "verdict")
        read = claimread.read(claim, article, near)
        own, lands = read.own, read.own.countries or read.lands.countries
        done = self._db.execute(
            "INSERT INTO claim VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)",
            (
                name, claim.id, claim.said, claim.statement, _sentence(claim, article),
                claim.language or article.language, str(a.verdict or "failed"),
                decided.value if decided else "", bool(note.decided(claim.id, "drop")),
            ),
        )  # fmt: skip
        self._db.execute("INSERT INTO told VALUES (?, ?)", (done.lastrowid, claimread.packed(read)))
        around = reading.read(" · ".join(claim.about), article.language, article.published, near)
        keys = {*reading.keys(own), *(k for k in reading.keys(around) if k[0] in "np")}
        self._db.executemany(
            "INSERT INTO key VALUES (?, ?)", [(k, done.lastrowid) for k in sorted(keys)]
        )
        self._db.executemany(
            "INSERT INTO figure VALUES (?, ?, ?, ?)",
            [(*q, done.lastrowid) for q in quantities(own, lands)],
        )

    # ------------------------------------------------------------ asking

    def kept(self, *, signed: bool = False) -> list[Kept]:
        """The claims, in a settled order; of signed notes alone, without what was dropped there."""
        where = "WHERE note.signed_by != '' AND NOT claim.dropped" if signed else ""
        rows = self._db.execute(
            "SELECT n, claim.path, id, said, statement, claim.language, verdict, decided, dropped,"  # noqa: S608
            " title, published, near, signed_by, signed_at, stands"
            f" FROM claim JOIN note ON note.path = claim.path {where} ORDER BY claim.path, n"
        )
        out = []
        for *own, dropped, title, published, near, by, at, stands in rows:
            n, path, id, said, statement, language, verdict, decided = own
            out.append(
                Kept(n, path, id, said, statement, language, verdict, decided, bool(dropped), title,
                     _day(published), frozenset(near.split()), by, at, bool(stands))
            )  # fmt: skip
        return out

    def names(self) -> list[str]:
        """The notes that can be read, in order."""
        rows = self._db.execute("SELECT path FROM note WHERE problem = '' ORDER BY path")
        return [str(row[0]) for row in rows]

    def sha256(self, name: str) -> str:
        """The hash of a note's file as it was read; "" for one that is unknown or broken."""
        row = self._db.execute(
            "SELECT sha256 FROM note WHERE path = ? AND problem = ''", (name,)
        ).fetchone()
        return str(row[0]) if row else ""

    def read(self, claims: Sequence[int]) -> dict[int, ClaimRead]:
        """What was read of claims when they were filed."""
        found: dict[int, ClaimRead] = {}
        for part in _parts(claims):
            rows = self._db.execute(
                f"SELECT claim, read FROM told WHERE claim IN ({_marks(part)})",  # noqa: S608
                part,
            )
            found.update((n, claimread.remember(told)) for n, told in rows)
        return found

    def remember(self, name: str, note: Note, claims: Collection[str] | None = None) -> None:
        """Make known what was read of a note's claims (all, unless some are named), so that it is
        not read again. The note must be the one that was filed."""
        row = self._db.execute("SELECT near FROM note WHERE path = ?", (name,)).fetchone()
        near = frozenset(str(row[0]).split())
        remember_countries(note.article, near)
        rows = self._db.execute(
            "SELECT id, read FROM claim JOIN told ON claim = n WHERE path = ?", (name,)
        )
        known = {a.claim.id: a.claim for a in note.assessments}
        for id, told in rows:
            if id in known and (claims is None or id in claims):
                lands = claimread.remember(told).lands
                remember_setting(known[id], note.article, near, lands)

    def vectors(
        self, claims: Sequence[int], column: str, progress: Progress = lambda a, b: None
    ) -> Vectors:
        """Unit vectors of claims, by "sentence" or by "statement": computed once, then kept."""
        assert column in ("sentence", "statement")
        found: dict[int, Vectors] = {}
        missing: dict[int, str] = {}
        for part in _parts(claims):
            rows = self._db.execute(
                f"SELECT n, {column}, by_{column} FROM claim WHERE n IN ({_marks(part)})",  # noqa: S608
                part,
            )
            for n, text, blob in rows:
                if blob:
                    found[n] = np.frombuffer(blob, np.float32)
                else:
                    missing[n] = text
        todo = list(missing.items())
        for i in range(0, len(todo), _CHUNK):
            part2 = todo[i : i + _CHUNK]
            made = self.embedder.queries([text for _, text in part2])
            with self._db:
                self._db.executemany(
                    f"UPDATE claim SET by_{column} = ? WHERE n = ?",  # noqa: S608
                    [(v.tobytes(), n) for (n, _), v in zip(part2, made, strict=True)],
                )
            found.update({n: v for (n, _), v in zip(part2, made, strict=True)})
            progress(min(i + _CHUNK, len(todo)), len(todo))
        if not claims:
            return np.empty((0, self.embedder.dim), np.float32)
        return np.stack([found[n] for n in claims])

    def usual(
        self, claims: Sequence[int], nearest: Nearest, progress: Progress = lambda a, b: None
    ) -> NDArray[np.float64]:
        """The cosine of each claim's sentence with what is nearest to it in the collection, in the
        middle: computed once by `nearest`, then kept. A collection that has grown since has more
        that is near; a little too low, it lets a little too much through."""
        found: dict[int, float] = {}
        for part in _parts(claims):
            rows = self._db.execute(
                f"SELECT n, usual FROM claim WHERE usual IS NOT NULL AND n IN ({_marks(part)})",  # noqa: S608
                part,
            )
            found.update(rows)
        todo = [n for n in claims if n not in found]
        for i in range(0, len(todo), _CHUNK):
            part2 = todo[i : i + _CHUNK]
            made = [float(x) for x in nearest(self.vectors(part2, "sentence"))]
            with self._db:
                self._db.executemany(
                    "UPDATE claim SET usual = ? WHERE n = ?", list(zip(made, part2, strict=True))
                )
            found.update(zip(part2, made, strict=True))
            progress(min(i + _CHUNK, len(todo)), len(todo))
        return np.array([found[n] for n in claims])

    def postings(self, kinds: str = "cnps") -> dict[str, NDArray[np.int64]]:
        """Under each key of these kinds the claims that are filed there: concepts, names, places
        and sources, or figures and days too (`reading.keys`)."""
        rows = self._db.execute(
            f"SELECT key, claim FROM key WHERE substr(key, 1, 1) IN ({_marks(kinds)})",  # noqa: S608
            list(kinds),
        )
        out: dict[str, list[int]] = {}
        for key, claim in rows:
            out.setdefault(key, []).append(claim)
        return {key: np.array(claims) for key, claims in out.items()}

    def counting(self, quantity: str, land: str, low: float, high: float) -> list[int]:
        """The claims with a figure of a quantity between two values, in a country or where none is
        known on one side."""
        rows = self._db.execute(
            "SELECT DISTINCT claim FROM figure WHERE quantity = ? AND value BETWEEN ? AND ?"
            " AND (land = ? OR land = '' OR ? = '')",
            (quantity, low, high, land, land),
        )
        return [int(row[0]) for row in rows]

    def cited(self) -> list[tuple[str, str, str]]:
        """(report, what it told then, note) of every report that a note cites; see `told_by`."""
        rows = self._db.execute("SELECT reference, told, path FROM cites")
        return [(str(a), str(b), str(c)) for a, b, c in rows]


def told_by(reference: Reference) -> str:
    """A hash of what a verdict rests on: a report's words, who published it when, who is behind it."""
    r = reference
    told = (r.sha256, r.publisher, str(r.published), *sorted(r.origins))
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()


class Overlap:
    """What claims share with a sentence of the names, places, sources and concepts they are filed
    under, each weighed by how rare it is. `order` gives a claim's place in the results."""

    def __init__(self, notes: NoteIndex, order: dict[int, int]) -> None:
        known = {
            k: np.array([order[n] for n in c if n in order]) for k, c in notes.postings().items()
        }
        self._known = {k: c for k, c in known.items() if len(c)}
        self._weight = {k: float(np.log(1 + len(order) / len(c))) for k, c in self._known.items()}
        self._all = np.full(len(order), 1e-9)
        for key, claims in self._known.items():
            self._all[claims] += self._weight[key]

    def shares(self, keys: Iterable[str]) -> NDArray[np.float64]:
        """For each claim, in order, the share (0 to 1) that these keys cover."""
        out = np.zeros(len(self._all))
        for key in set(keys) & self._known.keys():
            out[self._known[key]] += self._weight[key]
        return np.asarray(out / self._all)

    def likeness(self, keys: Iterable[str]) -> NDArray[np.float64]:
        """For each claim what it and these keys share, as a share of all that either has."""
        mine = set(keys) & self._known.keys()
        both = self.shares(mine) * self._all
        return np.asarray(both / (self._all + sum(self._weight[k] for k in mine) - both))


def quantities(own: Reading, lands: Iterable[str]) -> set[tuple[str, str, float]]:
    """What a sentence counts, as (what, in which country or "", value)."""
    return {
        (what, land, figure.value)
        for figure in own.figures
        for what in _counted(figure)
        for land in (sorted(lands) or [""])
    }


def _counted(figure: Figure) -> Iterable[str]:
    """What a figure counts: what befell them, else who they are."""
    if figure.counts or figure.unit == "percent":
        return figure.counts or ("percent",)
    return [f"of {who}" for who in figure.of]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.json")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.is_file():
            yield path


def _sentence(claim: Claim, article: Article) -> str:
    span = sentence_of(claim, article) if claim.said else None
    return article.text[span.start : span.end] if span else claim.said or claim.statement


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _parts(values: Sequence[object]) -> Iterator[list[object]]:
    for i in range(0, len(values), _AT_ONCE):
        yield list(values[i : i + _AT_ONCE])


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


assert NOTE_SCHEMA.encode().startswith(_MARK)
