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
from pathlib import Path
from types import CodeType
from typing import Any

from .extras import extra

__all__ = ["Compiler"]

_LOCK = threading.RLock()


class Compiler:
    """Some functions with what they call, compiled once for each process when first asked for.

    `functions` must be called with arguments of one type each: every other type compiles again.
    """

    def __init__(
        self, name: str, functions: Sequence[Callable[..., Any]], called: Sequence[Any] = ()
    ) -> None:
        self._name, self._functions, self._called = name, tuple(functions), tuple(called)
        self._compiled: Mapping[str, Any] | None = None

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
        """Note that all functions are compiled, so that others find them; they were all called."""
        mark = self._mark()
        try:
            if mark.parent.is_dir() and not mark.exists():
                mark.touch()
        except OSError:
            return  # the next process compiles again

    def _compile(self) -> Mapping[str, Any]:
        numba = extra("numba", of="fast", purpose='engine="numba" needs')
        for function in self._called:
            numba.extending.register_jitable(function)
        made = {}
        for function in self._functions:
            each = numba.njit(nogil=True)(function)
            cache = _cache_in(self._folder(), self._digest())
            if cache is not None:
                each._cache = cache(function)
            made[function.__name__] = each
        return made

    def _mark(self) -> Path:
        version = "".join(map(str, sys.version_info[:2]))
        return self._folder() / f"{self._name}-{self._digest()}-{version}-{_numba_version()}"

    def _folder(self) -> Path:
        given = os.environ.get("NUMBA_CACHE_DIR")
        return Path(given) / "mrecist" if given else _caches() / "mrecist"

    def _digest(self) -> str:
        """What the functions and those that they call say, with the numbers that they name."""
        told = repr([_meaning(each) for each in (*self._functions, *self._called)])
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def _meaning(function: Any) -> Any:
    code = function.__code__
    names = function.__globals__
    numbers = [(name, names[name]) for name in code.co_names if isinstance(names.get(name), int)]
    constants = [each for each in code.co_consts if not isinstance(each, CodeType)]
    return function.__qualname__, code.co_code, code.co_names, constants, numbers


def _caches() -> Path:
    """The user's folder of caches, as the system has it."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _numba_version() -> str:
    """The version of numba, without its import, which takes a third of a second."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("numba")
    except PackageNotFoundError:
        return "none"


def _cache_in(folder: Path, digest: str) -> Any:
    """What keeps machine code in a folder; `None` where it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        from numba.core.caching import (
            CompileResultCacheImpl,
            FunctionCache,
            UserProvidedCacheLocator,
        )
    except (OSError, ImportError):
        return None
    if not os.access(folder, os.W_OK):
        return None

    class Locator(UserProvidedCacheLocator):  # type: ignore[misc]
        """Finds machine code by what the functions say."""

        def get_cache_path(self) -> str:
            return str(folder)

        def get_source_stamp(self) -> str:
            return digest

        def get_disambiguator(self) -> str:
            return digest

        @classmethod
        def from_function(cls, py_func: Any, py_file: str) -> Locator:
            return cls(py_func, py_file)

    class Implementation(CompileResultCacheImpl):  # type: ignore[misc]
        _locator_classes = (Locator,)

    class Cache(FunctionCache):  # type: ignore[misc]
        _impl_class = Implementation

    return Cache
