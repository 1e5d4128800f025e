"""What a run shows while it lasts: students done, rate, time left, and what was odd."""

import sys
import time


class Progress:
    """A bar by tqdm where it is installed and somebody looks, else a line now and then.

    Parameters
    ----------
    total : int
        Submissions to grade.
    shown : bool
    every : float
        Seconds between two lines.
    """

    def __init__(self, total, shown=True, every=10):
        self.total, self.shown, self.every = total, shown, every
        self.done, self._started, self._said, self._bar = 0, time.monotonic(), time.monotonic(), None
        if shown and sys.stderr.isatty():
            try:
                from tqdm import tqdm
            except ImportError:
                return
            self._bar = tqdm(total=total, unit=" students", file=sys.stderr, dynamic_ncols=True)

    def one(self, student, odd):
        """One more submission is stored."""
        self.done += 1
        if not self.shown:
            return
        if odd:
            self._say(f"{student}: {'; '.join(odd)[:200]}")
        if self._bar is not None:
            self._bar.update()
        elif time.monotonic() - self._said >= self.every:
            self._said = time.monotonic()
            rate = self.done / max(1e-9, self._said - self._started)
            left = (self.total - self.done) / rate
            self._say(f"{self.done} of {self.total} students, {rate:.2g} a second, {left:.0f} s left")

    def _say(self, line):
        if self._bar is not None:
            self._bar.write(line, file=sys.stderr)
        else:
            print(line, file=sys.stderr, flush=True)

    def close(self):
        if self._bar is not None:
            self._bar.close()
