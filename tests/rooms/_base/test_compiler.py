"""Functions are compiled once and found again; with numba itself see tests/fast."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from mrecist._base import compiler
from mrecist._base.compiler import Compiler

LEAST = 3


class Pair(NamedTuple):
    """What the functions take."""

    one: int
    other: int


class Turned(NamedTuple):
    """The same in another order."""

    other: int
    one: int


def double(value: int) -> int:
    return value * 2


def at_least_three(value: int) -> bool:
    return double(value) >= LEAST


class Cache:
    """Stands for numba's cache of one function, which reads and writes files."""

    damaged = False
    wrong: type[Exception] = OSError

    def __init__(self, function: Any) -> None:
        self.locator = self._impl_class._locator_classes[0].from_function(function, "file.py")
        self.flushed = False

    def load_overload(self, *asked: Any) -> Any:
        if self.damaged:
            raise ValueError("no machine code")
        return "machine code"

    def save_overload(self, *made: Any) -> None:
        raise self.wrong

    def flush(self) -> None:
        self.flushed = True
        raise self.wrong

    _impl_class: Any = None


@pytest.fixture
def numba(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Stands for numba: what it is asked for is noted, and nothing is compiled."""
    noted: list[str] = []

    def register_jitable(function: Callable[..., Any]) -> None:
        noted.append(function.__name__)

    def njit(*, nogil: bool) -> Callable[..., Any]:
        assert nogil
        return lambda function: SimpleNamespace(function=function, signatures=[], _cache=None)

    caching = SimpleNamespace(
        _CacheLocator=object, CompileResultCacheImpl=object, FunctionCache=Cache
    )
    fake = SimpleNamespace(
        njit=njit, extending=SimpleNamespace(register_jitable=register_jitable), noted=noted
    )
    monkeypatch.setitem(sys.modules, "numba", fake)
    monkeypatch.setitem(sys.modules, "numba.core.caching", caching)
    monkeypatch.setattr(compiler, "_numba_version", lambda: "0.1")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return fake


def made(name: str = "some", record: Any = Pair) -> Compiler:
    return Compiler(name, [at_least_three], [double], [record])


class TestCompiled:
    """Functions and what they call are compiled when first asked for."""

    def test_once(self, numba: Any) -> None:
        some = made()
        assert not some.is_ready
        loops = some.compiled()
        assert some.is_ready
        assert some.compiled() is loops
        assert list(loops) == ["at_least_three"]
        assert numba.noted == ["double"]

    def test_absent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "numba", None)
        with pytest.raises(
            ImportError, match=r'engine="numba" needs numba: pip install "mrecist\[fast\]"'
        ):
            made().compiled()


class TestKept:
    """That all are compiled is noted once they are, beside the machine code."""

    def test_noted(self, numba: Any, tmp_path: Path) -> None:
        some = made()
        loops = some.compiled()
        (tmp_path / "mrecist").mkdir()
        some.keep()
        assert not some.is_kept
        loops["at_least_three"].signatures.append("int64")
        some.keep()
        assert some.is_kept
        assert made().is_kept
        assert not made("others").is_kept
        some.keep()

    def test_nowhere(self, numba: Any) -> None:
        """Where nothing can be written nothing is kept, and nobody is told."""
        some = made()
        some.compiled()["at_least_three"].signatures.append("int64")
        some.keep()
        assert not some.is_kept

    def test_by_meaning(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Other numbers, other code or other records are other machine code."""
        before = made()._digest()
        assert made()._digest() == before
        assert made(record=Turned)._digest() != before
        assert Compiler("some", [double], [], [Pair])._digest() != before
        monkeypatch.setattr(sys.modules[__name__], "LEAST", 4)
        assert made()._digest() != before


class TestCache:
    """The cache is found by what the functions say, and never stops anyone."""

    def cache(self) -> Any:
        return made().compiled()["at_least_three"]._cache

    def test_place(self, numba: Any, tmp_path: Path) -> None:
        locator = self.cache().locator
        assert locator.get_cache_path() == str(tmp_path / "mrecist")
        assert locator.get_source_stamp() == locator.get_disambiguator() == made()._digest()

    def test_load(self, numba: Any) -> None:
        assert self.cache().load_overload("int64") == "machine code"

    def test_damaged(self, numba: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Cache, "damaged", True)
        cache = self.cache()
        assert cache.load_overload("int64") is None
        assert cache.flushed

    def test_full(self, numba: Any) -> None:
        self.cache().save_overload("int64", "machine code")


class TestFolder:
    """The user's folder of caches is where the system has it."""

    @pytest.mark.parametrize(
        ("system", "platform", "told", "folder"),
        [
            ("posix", "linux", {}, ".cache"),
            ("posix", "linux", {"XDG_CACHE_HOME": "/x"}, "/x"),
            ("posix", "darwin", {}, "Library/Caches"),
            ("nt", "win32", {}, "AppData/Local"),
            ("nt", "win32", {"LOCALAPPDATA": "/local"}, "/local"),
        ],
    )
    def test_systems(
        self,
        system: str,
        platform: str,
        told: dict[str, str],
        folder: str,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        monkeypatch.setattr(Path, "home", lambda: tmp_path)
        for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
            monkeypatch.delenv(name, raising=False)
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(compiler, "os", SimpleNamespace(name=system, environ=told))
        monkeypatch.setattr(compiler, "sys", SimpleNamespace(platform=platform))
        assert made()._folder() == tmp_path / folder / "mrecist"

    def test_no_home(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Who has no home keeps nothing."""

        def none() -> Path:
            raise RuntimeError("no home")

        monkeypatch.setattr(Path, "home", none)
        monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
        assert not made().is_kept

    def test_version(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from importlib import metadata

        monkeypatch.setattr(metadata, "version", lambda name: "9.9")
        assert compiler._numba_version() == "9.9"

        def none(name: str) -> str:
            raise metadata.PackageNotFoundError(name)

        monkeypatch.setattr(metadata, "version", none)
        assert compiler._numba_version() == "none"
