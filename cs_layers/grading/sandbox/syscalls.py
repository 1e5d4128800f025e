"""The few system calls that Python does not offer, through ctypes. Linux only; `available` says whether they are
there."""

import ctypes
import os
import platform
import sys

MACHINE = platform.machine()
ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}.get(MACHINE)
available = sys.platform == "linux" and ARCH is not None

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
CLONE_NEWCGROUP, CLONE_NEWTIME = 0x2000000, 0x80

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_GET_SECCOMP, PR_SET_SECCOMP = 1, 4, 21, 22
PR_SET_KEEPCAPS, PR_CAP_AMBIENT, CAP_DAC_READ_SEARCH = 8, 47, 2
PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS = 24, 36, 38, 39

# The numbers of these calls are the same on x86_64 and on aarch64, being newer than the common table.
SYS_MOUNT_SETATTR = 442
SYS_LANDLOCK_CREATE_RULESET, SYS_LANDLOCK_ADD_RULE, SYS_LANDLOCK_RESTRICT_SELF = 444, 445, 446
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}.get(MACHINE, -1)
SYS_CAPSET = {"x86_64": 126, "aarch64": 91}.get(MACHINE, -1)

_libc = ctypes.CDLL(None, use_errno=True) if available else None


def syscall(number, *args):
    """Call the kernel; a negative answer becomes an OSError.

    Parameters
    ----------
    number : int
    args : ints, bytes, ctypes objects or None

    Raises
    ------
    OSError
        With the kernel's errno.
    """
    words = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]
    answer = _libc.syscall(ctypes.c_long(number), *words)
    if answer < 0:
        raise _last_error()
    return answer


def prctl(option, *args):
    """`prctl(2)`; missing arguments are 0."""
    words = [ctypes.c_ulong(arg) if isinstance(arg, int) else arg for arg in (*args, 0, 0, 0, 0)[:4]]
    answer = _libc.prctl(ctypes.c_int(option), *words)
    if answer < 0:
        raise _last_error()
    return answer


def trim():
    """Give freed memory back to the system (`malloc_trim(3)`), where the C library can."""
    if hasattr(_libc, "malloc_trim"):
        _libc.malloc_trim(ctypes.c_size_t(0))


def unshare(flags):
    """Leave the namespaces that `flags` name."""
    if _libc.unshare(ctypes.c_int(flags)) < 0:
        raise _last_error()


def mount(source, target, kind=None, flags=0, options=""):
    """`mount(2)` with text arguments."""
    answer = _libc.mount(
        os.fsencode(source),
        os.fsencode(target),
        kind.encode() if kind else None,
        ctypes.c_ulong(flags),
        options.encode() or None,
    )
    if answer < 0:
        raise _last_error()


def bind_read_only(source, target):
    """Show `source` at `target`, read-only, without set-uid files or devices, and all that is mounted under it."""
    mount(source, target, flags=MS_BIND | MS_REC)
    attributes = (ctypes.c_uint64 * 4)(MS_RDONLY | MS_NOSUID | MS_NODEV, 0, 0, 0)
    syscall(SYS_MOUNT_SETATTR, AT_FDCWD, os.fsencode(target), AT_RECURSIVE, attributes, 32)


def enter_root(new_root):
    """Make `new_root`, a mount, the root folder, and let go of the old one."""
    os.chdir(new_root)
    syscall(SYS_PIVOT_ROOT, b".", b".")
    if _libc.umount2(b".", ctypes.c_int(MNT_DETACH)) < 0:
        raise _last_error()
    os.chdir("/")


def drop_bounding(keep_reading):
    """Make every capability unreachable, but, if asked, that to read past closed folders."""
    for capability in range(64):
        if keep_reading and capability == CAP_DAC_READ_SEARCH:
            continue
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            break  # the last capability of this kernel


def set_capabilities(keep_reading=False):
    """Give up every capability, but, if asked, that to read past closed folders, which programs started here
    inherit."""
    kept = 1 << CAP_DAC_READ_SEARCH if keep_reading else 0
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    syscall(SYS_CAPSET, header, (ctypes.c_uint32 * 6)(kept, kept, kept))
    if keep_reading:
        prctl(PR_CAP_AMBIENT, 2, CAP_DAC_READ_SEARCH)  # PR_CAP_AMBIENT_RAISE


def _last_error():
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))
