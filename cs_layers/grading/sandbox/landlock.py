"""Landlock: which files a process may see, and no TCP, no signals or sockets to the outside.

Source: Linux' Documentation/userspace-api/landlock.rst.
"""

import ctypes
import os

from cs_layers.grading.sandbox import syscalls

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_IOCTL_DEV = 1 << 15
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | (1 << 14) | _IOCTL_DEV
_READ = _EXECUTE | _READ_FILE | _READ_DIR


class _RulesetAttr(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _PathAttr(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("fd", ctypes.c_int32)]


def abi():
    """The kernel's Landlock version, 0 where there is none."""
    if not syscalls.available:
        return 0
    try:
        return syscalls.syscall(syscalls.SYS_LANDLOCK_CREATE_RULESET, None, 0, 1)
    except OSError:
        return 0


def _rights(version):
    """Every file right that version `version` knows: 13 in the first, then REFER, TRUNCATE and IOCTL_DEV."""
    rights = (1 << 13 + (version >= 2) + (version >= 3)) - 1
    return rights | _IOCTL_DEV if version >= 5 else rights


def restrict(readable, writable):
    """Confine this process, and all that it starts, to some paths.

    Parameters
    ----------
    readable : iterable of str
        Files and folders to read and execute. A path that does not exist is passed over.
    writable : iterable of str
        Files and folders to do anything in.

    Raises
    ------
    OSError
        If the kernel has no Landlock. `PR_SET_NO_NEW_PRIVS` must be set before.
    """
    version = abi()
    if not version:
        raise OSError("this kernel has no Landlock")
    everything = _rights(version)
    attributes = _RulesetAttr(everything, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = syscalls.syscall(syscalls.SYS_LANDLOCK_CREATE_RULESET, ctypes.byref(attributes), size, 0)
    try:
        for path in readable:
            _allow(ruleset, path, _READ & everything)
        for path in writable:
            _allow(ruleset, path, everything)
        syscalls.syscall(syscalls.SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset, path, rights):
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            rights &= _FILE_RIGHTS
        syscalls.syscall(syscalls.SYS_LANDLOCK_ADD_RULE, ruleset, 1, ctypes.byref(_PathAttr(rights, fd)), 0)
    finally:
        os.close(fd)
