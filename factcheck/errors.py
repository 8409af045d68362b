"""What can go wrong, by who can mend it.

    FactcheckError                      exit 1   never raised itself
    ├── UsageError                      exit 2   the call is wrong
    ├── ConfigError                     exit 3   a setting, a key or the installation is wrong
    │   └── StoreMismatch               exit 3   the store was built with another embedding model
    ├── InputError                      exit 4   an article, a report or a note cannot be read
    │   ├── ReferenceFileError          exit 4   a reference file is broken (file and line named)
    │   ├── NoteError                   exit 4   a file is not a note of ours
    │   ├── AddressRefused              exit 4   a web address that is not gone to
    │   └── FetchFailed                 exit 4   a web address that gave no document
    ├── ServiceError                    exit 5   the model or the store failed
    │   ├── ModelError                  exit 5   a call to a language model failed
    │   └── StoreError                  exit 5   the store cannot be opened, read or written
    │       └── StoreBusy               exit 5   another process is writing to it
    ├── BudgetReached                   exit 6   a limit was reached; what is done is saved
    └── CitationBroken                  exit 7   a quotation is not in its source

Every error carries a `hint`: one sentence that says what to do next.
"""

from __future__ import annotations


class FactcheckError(Exception):
    """Root of the tree. `str(error)` says what was wrong and where; `error.hint` what to do."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(FactcheckError):
    exit_code = 2


class ConfigError(FactcheckError):
    exit_code = 3


class StoreMismatch(ConfigError):
    """The collection's vectors come from another embedding model than the one now chosen."""


class InputError(FactcheckError):
    exit_code = 4


class ReferenceFileError(InputError):
    """A reference file is broken; the message names file and line."""


class NoteError(InputError):
    """A file is not a verification note of a version that this program reads."""


class AddressRefused(InputError):
    """A web address that is not gone to: private, disguised, forbidden by robots.txt, not http."""


class FetchFailed(InputError):
    """A web address that gave no document. `status` is the server's (None: it did not answer),
    `passing` whether the same request may succeed later, `wait` the seconds that the server asks to
    wait, `said` the beginning of its answer."""

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        status: int | None = None,
        passing: bool = False,
        wait: float | None = None,
        said: bytes = b"",
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.passing = passing
        self.wait = wait
        self.said = said


class ServiceError(FactcheckError):
    exit_code = 5


class ModelError(ServiceError):
    """A call to a language model failed. `kind` says how (auth, quota, timeout, schema, ...),
    `wait` how many seconds the server asks to wait before the next try."""

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        kind: str = "error",
        retryable: bool = False,
        wait: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.kind = kind
        self.retryable = retryable
        self.wait = wait


class StoreError(ServiceError):
    """The reference store cannot be opened, read or written."""


class StoreBusy(StoreError):
    """Another process holds the store's write lock."""


class BudgetReached(FactcheckError):
    exit_code = 6


class CitationBroken(FactcheckError):
    exit_code = 7
