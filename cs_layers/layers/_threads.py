"""Share work among threads, each with one thread of BLAS."""

import collections
import contextlib
import ctypes
import itertools
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

_SMALL = 1 << 22  # below so many multiplications, waking a thread costs more than it brings


def share(work, items, size):
    """[work(item) for item in items], by as many threads as BLAS would use by itself.

    `size` is about how many multiplications there are in all; the calling thread does a little work by itself. BLAS
    keeps to one thread meanwhile: when its own have been woken, they go on looking for work for a while, on the cores
    that ours need, and a training step takes up to three times the processor's time.
    OPENBLAS_NUM_THREADS=1 in the environment, or threadpoolctl, keeps these threads away as it does those of BLAS.
    """
    helpers = min(len(items), _blas.num_threads()) - 1
    if helpers < 1:
        return [work(item) for item in items]
    with _blas.one_thread():
        if size < _SMALL:
            return [work(item) for item in items]
        return _all_at_once(work, items, helpers)


def _all_at_once(work, items, helpers):
    todo, results = collections.deque(enumerate(items)), [None] * len(items)

    def drain():
        while True:
            try:
                k, item = todo.popleft()
            except IndexError:
                return
            results[k] = work(item)

    futures = _start(drain, helpers)
    try:
        drain()
    finally:
        todo.clear()
        for future in futures:
            future.result()
    return results


class _OpenBlas:
    """NumPy's own OpenBLAS: how many threads it uses, and how to tell it to use one.

    A NumPy built on another BLAS has no such switch that we know; `num_threads` is 1 then, so nothing is shared here.
    """

    def __init__(self):
        # Asking the extension module for a symbol also searches the libraries that it was linked with.
        module = sys.modules.get("numpy._core._multiarray_umath") or sys.modules["numpy.core._multiarray_umath"]
        self._get = self._set = None
        with contextlib.suppress(OSError):
            library = ctypes.CDLL(module.__file__)
            for prefix, suffix in itertools.product(["scipy_", ""], ["64_", "_64", ""]):
                if hasattr(library, f"{prefix}openblas_set_num_threads{suffix}"):
                    self._get = getattr(library, f"{prefix}openblas_get_num_threads{suffix}")
                    self._set = getattr(library, f"{prefix}openblas_set_num_threads{suffix}")
        self.reset()

    def reset(self):
        self._lock, self._users, self._before = threading.Lock(), 0, 1

    def num_threads(self):
        if self._get is None:
            return 1
        with self._lock:
            return self._before if self._users else self._get()

    @contextlib.contextmanager
    def one_thread(self):
        # The switch is one for the whole process: the first to come turns it and the last to go turns it back.
        with self._lock:
            if self._users == 0:
                self._before = self._get()
                self._set(1)
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if self._users == 0:
                    self._set(self._before)


_blas = _OpenBlas()
_pool = None


def _start(function, count):
    """`function` running in up to `count` other threads; fewer where the system allows no more."""
    global _pool
    futures = []
    with contextlib.suppress(RuntimeError):  # no more threads, or the interpreter is going down: the caller does it all
        if _pool is None:
            _pool = ThreadPoolExecutor(max(count, os.cpu_count() or 1), thread_name_prefix="cs_layers")
        for _ in range(count):
            futures.append(_pool.submit(function))
    return futures


def _after_fork():
    # A forked child has none of its parent's threads, only their books.
    global _pool
    _pool = None
    _blas.reset()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
