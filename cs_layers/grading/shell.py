"""One cell after the other, as a notebook runs them, without a kernel: IPython's shell, with what a cell shows
collected.

Used on both sides: for the cells that a student can write, and for the instructor's check cells.
"""

import ast
import builtins
import contextlib
import io
import subprocess
import sys
import warnings

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any
from traitlets.config import Config

MAX_ITEMS = 200
_KERNELS_MAGICS = ("autosave", "connect_info", "edit", "less", "man", "more", "qtconsole")


class Collector:
    """What one cell shows, as nbformat outputs, up to a limit; what is over it is dropped while it is produced.

    Parameters
    ----------
    max_bytes : int
        Text and pictures together. Pictures may have four times as much.
    """

    def __init__(self, max_bytes):
        self.max_bytes = max_bytes
        self.outputs, self.size, self.cut = [], 0, False
        self.muted = False

    def stream(self, name, text):
        if self.muted or not text or self.cut:
            return
        room = self.max_bytes - self.size
        if len(text) > room:
            self.cut, text = (
                True,
                text[: max(room, 0)] + f"\n... the rest is not shown: more than {self.max_bytes} characters ...\n",
            )
        self.size += len(text)
        if self.outputs and self.outputs[-1].get("name") == name:
            self.outputs[-1]["parts"].append(text)
        else:
            self.add({"output_type": "stream", "name": name, "parts": [text]})

    def rich(self, kind, data, metadata=None, count=None):
        size = sum(len(str(value)) for value in data.values())
        if self.muted or size > 4 * self.max_bytes or self.size > 4 * self.max_bytes:
            return
        self.size += size // 4
        output = {"output_type": kind, "data": data, "metadata": metadata or {}}
        if kind == "execute_result":
            output["execution_count"] = count
        self.add(output)

    def passed_on(self, output):
        """An output that another process has shown, if there is room for it."""
        size = len(str(output)) // 4
        if self.size + size <= self.max_bytes:
            self.size += size
            self.add(output)

    def add(self, output):
        if len(self.outputs) < MAX_ITEMS:
            self.outputs.append(output)

    def take(self):
        """The outputs so far, as nbformat wants them."""
        for output in self.outputs:
            if "parts" in output:
                output["text"] = "".join(output.pop("parts"))
        taken, self.outputs = self.outputs, []
        return taken


class _Raw(io.RawIOBase):
    """Bytes that end in the collector of the cell that is running."""

    def __init__(self, shell, name, before=None):
        self._shell, self._name, self._before = shell, name, before

    def writable(self):
        return True

    def fileno(self):
        """As a kernel's streams have one, for `faulthandler` and for programs that are started; nobody reads it."""
        return 1 if self._name == "stdout" else 2

    def write(self, data):
        if self._before is not None:
            self._before.flush()
        self._shell.collector.stream(self._name, bytes(data).decode("utf-8", "replace"))
        return len(data)


def _stream(shell, name, before=None):
    """A text stream with a buffer, so that printing a million lines costs what it must; `before` is flushed first."""
    raw = io.BufferedWriter(_Raw(shell, name, before), 1 << 14)
    return io.TextIOWrapper(raw, "utf-8", "backslashreplace", line_buffering=before is not None)


class _Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **kwargs):
        self.shell.flush()
        self.shell.collector.rich("display_data", dict(data), dict(metadata or {}))

    def clear_output(self, wait=False):
        self.shell.collector.outputs = []


class _Hook(DisplayHook):
    """Shows the value of a cell's last expression and remembers it for the caller."""

    def __call__(self, result=None):
        if result is None or self.quiet():
            return
        self.shell.flush()
        builtins._ = result
        self.shell.last_value = result
        data, metadata = self.compute_format_data(result)
        self.shell.collector.rich("execute_result", data, metadata, self.shell.execution_count)


class CellShell(InteractiveShell):
    """IPython's shell, without history, threads or terminal, that collects what a cell shows."""

    collector = Any(Collector(1 << 20))
    streams = Any(())
    show_errors = True
    last_value = Any(None)
    error = Any(None)

    def __init__(self, user_ns=None, figures=True):
        self.figures = figures
        super().__init__(user_ns=user_ns, config=Config({"HistoryManager": {"enabled": False}}))
        for kind in type(self)._walk_mro():
            kind._instance = self  # `display` shows nothing unless there is *the* shell
        self.figures = figures and self._use_inline_figures()
        for name in _KERNELS_MAGICS:
            self.register_magic_function(lambda line="": None, "line", name)

    def init_io(self):
        pass

    display_pub_class = _Publisher

    displayhook_class = _Hook

    def init_create_namespaces(self, user_module=None, user_ns=None):
        super().init_create_namespaces(user_module, user_ns)
        self.user_ns["__name__"] = "__main__"

    def system(self, command):
        """`!command`: run it, show what it printed."""
        done = subprocess.run(
            self.var_expand(command, depth=1), shell=True, capture_output=True, text=True, errors="replace"
        )
        self.collector.stream("stdout", done.stdout)
        self.collector.stream("stderr", done.stderr)
        self.user_ns["_exit_code"] = done.returncode

    system_raw = system_piped = system

    def enable_gui(self, gui=None):
        """Windows there are none; `%matplotlib` asks all the same."""

    def ask_exit(self):
        """`exit` in a notebook ends nothing here."""

    def showtraceback(self, *args, **kwargs):
        self.error = sys.exc_info()[1]
        if self.show_errors:
            super().showtraceback(*args, **kwargs)

    def _showtraceback(self, etype, evalue, stb):
        self.flush()
        self.collector.add(
            {
                "output_type": "error",
                "ename": str(getattr(etype, "__name__", etype))[:200],
                "evalue": safe_text(evalue)[:4000],
                "traceback": [str(line)[:20000] for line in stb][:100],
            }
        )

    def _use_inline_figures(self):
        try:
            import matplotlib
        except ImportError:
            return False
        matplotlib.use("module://matplotlib_inline.backend_inline", force=False)
        with contextlib.suppress(Exception):
            self.run_line_magic("matplotlib", "inline")
        return True

    def run(self, source, max_bytes=1 << 20, shown=True):
        """Run one cell. Where nothing is `shown`, no picture is drawn.

        Returns
        -------
        outputs : list of dict
            As nbformat has them.
        error : BaseException or None
            What stopped the cell.
        value : object
            The value of the last expression, None if there is none.
        """
        self.collector = Collector(max_bytes)
        self.last_value = self.error = None
        self.collector.muted = not shown
        with self.collecting(), self._drawing(shown):
            try:
                result = self.run_cell(source, store_history=False)
            except BaseException as error:  # not even a cell that breaks IPython itself ends the notebook
                self.error = error
                self._showtraceback(type(error), error, [f"{type(error).__name__}: {safe_text(error)}"])
            else:
                self.error = result.error_before_exec or result.error_in_exec or self.error
            if self.figures:
                self._flush_figures(shown)
        self.execution_count += 1
        return self.collector.take(), self.error, self.last_value

    def forget_error(self):
        """Let go of the last error: its frames hold whatever the code had in hand, arrays of a gigabyte too."""
        self.error = self.last_execution_result = None
        for name in ("last_type", "last_value", "last_traceback", "last_exc"):
            vars(sys).pop(name, None)

    @contextlib.contextmanager
    def collecting(self):
        """Have what is printed, and every warning, end in the collector."""
        out = _stream(self, "stdout")
        err = _stream(self, "stderr", out)
        self.streams = out, err
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
            warnings.simplefilter("default")
            try:
                yield
            finally:
                self.flush()

    def flush(self):
        """Have what was printed so far arrive before what comes next."""
        for stream in self.streams:
            with contextlib.suppress(Exception):
                stream.flush()

    @contextlib.contextmanager
    def _drawing(self, shown):
        """Have figures drawn where they are shown; that takes longer than all the rest of many a cell."""
        before = self.display_formatter.active_types
        if not shown:
            self.display_formatter.active_types = ["text/plain"]
        try:
            yield
        finally:
            self.display_formatter.active_types = before

    def _flush_figures(self, shown=True):
        """Show, or close, the figures that a cell has left open."""
        from matplotlib import pyplot
        from matplotlib_inline.backend_inline import flush_figures

        with contextlib.suppress(Exception):
            flush_figures() if shown else pyplot.close("all")


def safe_text(value):
    """`str(value)`, whatever `__str__` does."""
    try:
        return str(value)
    except BaseException as error:
        return f"<{type(value).__name__} whose text could not be made: {type(error).__name__}>"


def split_top_level(source, first_hidden):
    """Split a cell's source before the statement in which line `first_hidden` (from 1) stands.

    Returns
    -------
    (visible, hidden) : str
        `hidden` begins with as many empty lines as `visible` has, so that line numbers stay true.
    """
    lines = source.split("\n")
    cut = first_hidden
    with contextlib.suppress(SyntaxError, ValueError):
        for statement in ast.parse(source).body:
            start = min([statement.lineno, *(node.lineno for node in getattr(statement, "decorator_list", []))])
            if start < first_hidden <= (statement.end_lineno or start):
                cut = start
    return "\n".join(lines[: cut - 1]), "\n" * (cut - 1) + "\n".join(lines[cut - 1 :])
