"""Compile functions with numba (`mrecist[fast]`), and find what was compiled before.

Compiling takes seconds, so machine code is kept in a folder: `NUMBA_CACHE_DIR`, else the user's
folder of caches. It is found by what the functions say, not by dates of files: after an upgrade
that leaves them as they are, and where the package lies in a folder that cannot be written.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import CodeType
from typing import Any

from .extras import extra

__all__ = ["Compiler"]

_LOCK = threading.RLock()


class Compiler:
    """Some functions with what they call, compiled once for each process when first asked for.

    `called` are the functions that they call, and `records` the named tuples that they take. They
    must be called with arguments of one type each: every other type compiles again.
    """

    def __init__(
        self,
        name: str,
        functions: Sequence[Callable[..., Any]],
        called: Sequence[Callable[..., Any]] = (),
        records: Sequence[Any] = (),
    ) -> None:
        self._name, self._functions, self._called = name, tuple(functions), tuple(called)
        self._records = tuple(records)
        self._compiled: Mapping[str, Any] | None = None
        self._noted = False

    @property
    def is_ready(self) -> bool:
        """Whether this process has the functions compiled."""
        return self._compiled is not None

    @property
    def is_kept(self) -> bool:
        """Whether a process before has compiled the functions and kept them."""
        return self._mark().is_file()

    def compiled(self) -> Mapping[str, Any]:
        """The functions compiled, by name. `ImportError` says how to get numba where it lacks."""
        with _LOCK:
            if self._compiled is None:
                self._compiled = self._compile()
        return self._compiled

    def keep(self) -> None:
        """Note that all functions are compiled and kept, once they are: others load them."""
        if self._noted or not all(each.signatures for each in self.compiled().values()):
            return
        self._noted = True
        with suppress(OSError):  # the next process compiles again
            self._mark().touch()

    def _compile(self) -> Mapping[str, Any]:
        numba = extra("numba", of="fast", purpose='engine="numba" needs')
        for function in self._called:
            numba.extending.register_jitable(function)
        cache = _cache_in(self._folder(), self._digest())
        made = {}
        for function in self._functions:
            made[function.__name__] = each = numba.njit(nogil=True)(function)
            each._cache = cache(function)
        return made

    def _mark(self) -> Path:
        version = "".join(map(str, sys.version_info[:2]))
        return self._folder() / f"{self._name}-{self._digest()}-{version}-{_numba_version()}"

    def _folder(self) -> Path:
        given = os.environ.get("NUMBA_CACHE_DIR")
        return Path(given) / "mrecist" if given else _caches() / "mrecist"

    def _digest(self) -> str:
        """What the functions and those that they call say, with the numbers that they name."""
        told = repr(
            [
                *(_meaning(each) for each in (*self._functions, *self._called)),
                *((record.__name__, record._fields) for record in self._records),
            ]
        )
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def _meaning(function: Any) -> Any:
    code = function.__code__
    names = function.__globals__
    numbers = [(name, names[name]) for name in code.co_names if isinstance(names.get(name), int)]
    constants = [each for each in code.co_consts if not isinstance(each, CodeType)]
    return function.__qualname__, code.co_code, code.co_names, constants, numbers


def _caches() -> Path:
    """The user's folder of caches, as the system has it; one that cannot be where there is none."""
    try:
        home = Path.home()
    except RuntimeError:
        return Path(os.devnull)
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if sys.platform == "darwin":
        return home / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")


def _numba_version() -> str:
    """The version of numba, without its import, which takes a third of a second."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("numba")
    except PackageNotFoundError:
        return "none"


def _cache_in(folder: Path, digest: str) -> Any:
    """What finds machine code in a folder, and keeps it there if it can be written."""
    caching = extra("numba.core.caching", of="fast", purpose='engine="numba" needs')

    class Locator(caching._CacheLocator):  # type: ignore[misc,name-defined]
        """Finds machine code by what the functions say."""

        def __init__(self, function: Any, file: str) -> None:
            self._py_file = file

        def get_cache_path(self) -> str:
            return str(folder)

        def get_source_stamp(self) -> str:
            return digest

        def get_disambiguator(self) -> str:
            return digest

        @classmethod
        def from_function(cls, function: Any, file: str) -> Locator:
            return cls(function, file)

    class Implementation(caching.CompileResultCacheImpl):  # type: ignore[misc,name-defined]
        _locator_classes = (Locator,)

    class Cache(caching.FunctionCache):  # type: ignore[misc,name-defined]
        _impl_class = Implementation

        def load_overload(self, *asked: Any) -> Any:
            try:
                return super().load_overload(*asked)
            except Exception:  # what was kept is damaged or may not be read: compile again
                with suppress(OSError):
                    self.flush()
                return None

        def save_overload(self, *made: Any) -> None:
            with suppress(OSError):
                super().save_overload(*made)

    return Cache
