"""Work off the event loop: few threads, a bounded queue before them, and a time after which work is stopped."""

from __future__ import annotations

import asyncio
import ctypes
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from recount.api.problems import ProblemError, too_busy, too_much
from recount.declare.serving import Workers
from recount.errors import Worded

Result = TypeVar("Result")
_SECONDS_BETWEEN = 0.5


class StoppedError(BaseException):
    """Raised within work whose time is over. No part of the work is to catch it, hence no `Exception`."""


class _Job(Generic[Result]):
    def __init__(self, work: Callable[[], Result], interrupt: Callable[[], None] | None) -> None:
        self.work = work
        self.interrupt = interrupt
        self.started: Future[None] = Future()
        self.done: Future[Result] = Future()
        self._lock = threading.Lock()
        self._thread: int | None = None
        self._given_up = False

    def run(self) -> None:
        with self._lock:
            if self._given_up:
                return
            self._thread = threading.get_ident()
        self.started.set_result(None)
        try:
            result = self._result()
        except BaseException as failed:  # noqa: BLE001  whoever waits for it is told
            self._finish()
            self.done.set_exception(failed)
        else:
            self._finish()
            self.done.set_result(result)

    def _result(self) -> Result:
        try:
            return self.work()
        except StoppedError:
            if self._given_up:
                raise
            # It was meant for the work before, which was done by then.
            return self.work()

    def stop(self) -> None:
        """Gives the job up: it does not start any more, or is stopped where it is."""
        with self._lock:
            self._given_up = True
            if self._thread is None or self.done.done():
                return
            if self.interrupt is not None:
                self.interrupt()
            # The only way to stop Python that counts in another thread; it arrives between two of its steps.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(self._thread), ctypes.py_object(StoppedError)
            )

    def _finish(self) -> None:
        with self._lock:
            self._thread = None


class Pool:
    """Threads that do one kind of work."""

    def __init__(
        self, name: str, workers: Workers, *, seconds: float, waiting_seconds: float, retry_seconds: int
    ) -> None:
        self.name = name
        self.workers = workers
        self.seconds = seconds
        self.waiting_seconds = waiting_seconds
        self.retry_seconds = retry_seconds
        self.waiting = 0
        self._queue: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True)
            for number in range(workers.threads)
        ]
        for each in self._threads:
            each.start()

    async def run(self, work: Callable[[], Result], interrupt: Callable[[], None] | None = None) -> Result:
        """Returns what `work` returns, done by one of the threads.

        Args:
            work: what is done.
            interrupt: stops an engine that `work` waits for outside of Python.

        Raises:
            ProblemError: where too much is waiting, or the work takes longer than it may.
        """
        if self.waiting >= self.workers.waiting:
            raise ProblemError(too_busy(self.retry_seconds))
        job = _Job(work, interrupt)
        self.waiting += 1
        try:
            self._queue.put(job)
            try:
                await asyncio.wait_for(asyncio.wrap_future(job.started), self.waiting_seconds)
            except TimeoutError:
                job.stop()
                raise ProblemError(too_busy(self.retry_seconds)) from None
        finally:
            self.waiting -= 1
        done = asyncio.wrap_future(job.done)
        try:
            return await asyncio.wait_for(asyncio.shield(done), self.seconds)
        except TimeoutError:
            # Nobody waits any more for what becomes of it.
            done.add_done_callback(lambda each: each.cancelled() or each.exception())
            self._stop(job)
            raise too_much(
                Worded(
                    "The answer takes longer than the %(seconds)s seconds that one request may take.",
                    seconds=f"{self.seconds:g}",
                ),
                Worded("ask for one release or one place, or split by less"),
            ) from None

    def begin(self, work: Callable[[], object]) -> None:
        """Has `work` done by one of the threads, without a time, and waits for nothing."""
        self._queue.put(_Job(work, None))

    def close(self) -> None:
        """Lets the threads go once they are done."""
        for _ in self._threads:
            self._queue.put(None)

    def _stop(self, job: _Job[Any]) -> None:
        """Stops a job, and again until it has stopped: an engine that is only about to start does not hear it."""
        if not job.done.done():
            job.stop()
            asyncio.get_running_loop().call_later(_SECONDS_BETWEEN, self._stop, job)

    def _work(self) -> None:
        while True:
            try:
                job = self._queue.get()
                if job is None:
                    return
                job.run()
                # Nothing of an answer stays alive while the thread waits for the next question.
                del job
            except StoppedError:
                # It arrived when the work was done already.
                continue
