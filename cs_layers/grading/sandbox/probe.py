"""Try the sandbox from inside, before any student code is there: what matters is what happens, not what was set up."""

import os
import socket
import sys

from cs_layers.grading.sandbox import syscalls
from cs_layers.grading.sandbox.posix import resource

LEVELS = ("unsandboxed", "landlock", "namespaces")
"""From weak to strong. `landlock` stands for Landlock + seccomp + rlimits, `namespaces` for these and namespaces."""

REQUIRED = {
    "unsandboxed": ("limits", "libraries_readable"),
    "landlock": (
        "not_root", "no_new_privileges", "system_calls_filtered", "limits", "canary_unreadable", "canary_unwritable",
        "no_new_files_beside_canary", "no_network", "grader_unsignalled", "grader_memory_unreadable",
        "no_new_namespaces", "own_folder_writable", "libraries_readable",
    ),
}  # fmt: skip
REQUIRED["namespaces"] = (*REQUIRED["landlock"], "canary_invisible", "grader_invisible")


def probe(canary, grader, port=None):
    """Which layers hold, tried from inside.

    Parameters
    ----------
    canary : str
        A file of the grader, in a folder that the student must not reach.
    grader : int
        Process number of the grader, as the grader sees it.
    port : int, optional
        A loopback port on which the grader listens.

    Returns
    -------
    dict of str to bool
        True where the layer held.
    """
    return {
        "not_root": os.getuid() != 0 and os.geteuid() != 0,
        "no_new_privileges": _answer(lambda: syscalls.prctl(syscalls.PR_GET_NO_NEW_PRIVS)) == 1,
        "system_calls_filtered": _answer(lambda: syscalls.prctl(syscalls.PR_GET_SECCOMP)) == 2,
        "limits": resource.getrlimit(resource.RLIMIT_NOFILE)[1] != resource.RLIM_INFINITY
        and resource.getrlimit(resource.RLIMIT_CORE)[1] == 0,
        "canary_unreadable": _fails(lambda: open(canary, "rb").close()),
        "canary_unwritable": _fails(lambda: open(canary, "ab").close()),
        "no_new_files_beside_canary": _fails(lambda: open(canary + ".new", "wb").close()),
        "canary_invisible": _fails(lambda: os.stat(canary)),
        "no_network": _fails(lambda: _connect(port)),
        "grader_unsignalled": _fails(lambda: os.kill(grader, 0)),
        "grader_memory_unreadable": _fails(lambda: open(f"/proc/{grader}/environ", "rb").read()),
        "grader_invisible": not os.path.exists(f"/proc/{grader}"),
        "no_new_namespaces": _fails(lambda: syscalls.unshare(syscalls.CLONE_NEWUSER)),
        "own_folder_writable": not _fails(_write_here),
        "libraries_readable": not _fails(read_libraries),
    }


def level(held):
    """The strongest level whose required layers all held, or None."""
    return next((name for name in reversed(LEVELS) if not missing(held, name)), None)


def missing(held, name):
    """The layers that level `name` needs and that did not hold."""
    return [layer for layer in REQUIRED[name] if not held.get(layer)]


def refusal(held, name):
    """Why nothing may be graded at level `name`, in words; "" if it holds."""
    layers = missing(held, name)
    if not layers:
        return ""
    text = f"The sandbox does not hold what level {name!r} asks for: {', '.join(layers)}."
    if "libraries_readable" in layers:
        text += (
            f" The Python in {sys.prefix} lies in a folder that other users cannot read, and for a grader that is root"
            " students' code runs as another user: use a Python that everybody can read, or grade as an ordinary user."
        )
    return text


def _fails(action):
    try:
        action()
    except Exception:  # whatever stopped it, it was stopped
        return True
    return False


def _answer(action):
    if sys.platform != "linux":
        return None
    try:
        return action()
    except OSError:
        return None


def _connect(port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe_socket:
        probe_socket.settimeout(0.2)
        probe_socket.connect(("127.0.0.1", port or 9))


def read_libraries():
    """What is imported only later must be there too: a Python in a closed home folder cannot be read by another
    user."""
    for folder in {sys.prefix, os.path.dirname(os.__file__)}:
        os.listdir(folder)
    with open(os.path.join(os.path.dirname(os.__file__), "this.py")):
        pass


def _write_here():
    name = ".probe"
    with open(name, "w") as file:
        file.write("x")
    os.unlink(name)
