"""One ordered pool of processes: order, memory, what a signal does."""

from __future__ import annotations

import gc
import operator
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from mrecist._base.processes import in_chunks, in_order

POSIX = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


class TestInOrder:
    """Answers come in the order of the parts, and few parts are under way."""

    def test_order(self) -> None:
        assert list(in_order(operator.neg, range(20), 2)) == [-each for each in range(20)]

    def test_few_under_way(self) -> None:
        """No more parts are taken than can be worked on."""
        taken: list[int] = []

        def parts() -> Iterator[int]:
            for each in range(100):
                taken.append(each)
                yield each

        answers = in_order(operator.neg, parts(), 1, ahead=3)
        assert next(answers) == 0
        assert len(taken) == 4
        assert next(answers) == -1
        assert len(taken) == 5

    def test_initializer(self) -> None:
        """It is called in the worker, before the work."""
        begun = partial(gc.set_threshold, 12_345)
        ((first, *_),) = in_order(operator.call, [gc.get_threshold], 1, initializer=begun)
        assert first == 12_345 != gc.get_threshold()[0]

    def test_mistake(self) -> None:
        """What the work raises is raised here, and no worker is left."""
        answers = in_order(int, ["1", "x", "3"], 1)
        assert next(answers) == 1
        with pytest.raises(ValueError, match="invalid literal"):
            next(answers)
        assert list(answers) == []


class TestInChunks:
    """A short stream is answered here, a long one by processes."""

    @pytest.mark.parametrize(("count", "jobs"), [(0, 2), (3, 2), (9, 1), (9, 2)])
    def test_where(self, count: int, jobs: int) -> None:
        calls = iter([os.getpid] * count)
        answers = list(in_chunks(operator.call, calls, jobs, size=4))
        here = [each == os.getpid() for each in answers]
        assert here == [jobs == 1 or count < 4] * count


@POSIX
class TestSignals:
    """The parent alone answers Ctrl-C; SIGTERM ends parent and workers."""

    def test_workers(self) -> None:
        """SIGINT is ignored, and blocked from the first moment; SIGTERM ends a worker."""
        both = [signal.SIGINT, signal.SIGTERM]
        assert list(in_order(signal.getsignal, both, 1)) == [signal.SIG_IGN, signal.SIG_DFL]
        blocked = partial(signal.pthread_sigmask, signal.SIG_BLOCK)
        assert list(in_order(blocked, [()], 1)) == [{signal.SIGINT}]
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()

    def test_terminated(self) -> None:
        """SIGTERM leaves the work with the usual status; afterwards it is what it was."""
        answers = in_order(operator.neg, [1, 2], 1)
        assert next(answers) == -1
        with pytest.raises(SystemExit) as stop:
            signal.raise_signal(signal.SIGTERM)
        assert stop.value.code == 128 + signal.SIGTERM
        assert list(answers) == [-2]
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL

    def test_handled(self) -> None:
        """A handler of the caller stays."""
        heard: list[int] = []
        before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
        try:
            for _ in in_order(operator.neg, [1], 1):
                signal.raise_signal(signal.SIGTERM)
        finally:
            signal.signal(signal.SIGTERM, before)
        assert heard == [signal.SIGTERM]

    def test_thread(self) -> None:
        """Work can be shared from any thread, which can set no handler."""
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(lambda: list(in_order(operator.neg, [1], 1))).result() == [-1]
