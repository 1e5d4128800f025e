"""seccomp: system calls that no NumPy exercise needs answer EPERM.

A list of what is denied, not of what is allowed: Python, NumPy and Matplotlib use far more calls than
anyone could list for every machine, while the calls that reach other processes, the network or the kernel's
administration are few and known.
"""

import ctypes
import errno
import struct

from cs_layers.grading.sandbox import syscalls

# name: (x86_64, aarch64)
_ALWAYS_DENIED = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "unshare": (272, 97), "setns": (308, 268), "mount_setattr": (442, 442), "move_mount": (429, 429),
    "open_tree": (428, 428), "fsopen": (430, 430), "fsmount": (432, 432), "fsconfig": (431, 431), "fspick": (433, 433),
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "fanotify_init": (300, 262),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "memfd_create": (319, 279),
    "memfd_secret": (447, 447), "pidfd_getfd": (438, 438), "pidfd_open": (434, 434), "process_madvise": (440, 440),
    "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    "personality": (135, 92), "acct": (163, 89), "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "syslog": (103, 116), "quotactl": (179, 60), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "clock_adjtime": (305, 266), "sethostname": (170, 161), "vhangup": (153, 58),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None),
}  # fmt: skip
# Where the process shares the grader's user and file tree, neither Landlock nor rights stop these.
_DENIED_ON_SHARED_FILES = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "utime": (132, None), "utimes": (235, None), "utimensat": (280, 88), "futimesat": (261, None),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "truncate": (76, 45), "inotify_add_watch": (254, 27),
}  # fmt: skip
_SIGNALS = {
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424),
}  # fmt: skip
_CLONE, _CLONE3, _PRLIMIT64, _IOCTL = (56, 220), (435, 435), (302, 261), (16, 29)

_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_NEW_NAMESPACES = 0x7E020000 | 0x80  # every CLONE_NEW* flag
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def _refuse(number):
    return 0x00050000 | number


def instructions(shared_files=False, no_signals=False):
    """The filter as a list of classic BPF instructions (code, jump if true, jump if false, constant)."""
    column = 0 if syscalls.MACHINE == "x86_64" else 1
    denied = dict(_ALWAYS_DENIED)
    if shared_files:
        denied.update(_DENIED_ON_SHARED_FILES)
    if no_signals:
        denied.update(_SIGNALS)
    eperm, enosys = _refuse(errno.EPERM), _refuse(errno.ENOSYS)
    program = [(_LOAD, 0, 0, 4), (_JUMP_EQUAL, 1, 0, syscalls.ARCH), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    if column == 0:  # the x32 interface numbers its calls from here on
        program += [(_JUMP_GREATER_EQUAL, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL)]
    for numbers in denied.values():
        if numbers[column] is not None:
            program += [(_JUMP_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, eperm)]
    # glibc falls back from clone3, whose flags a filter cannot read, to clone, whose flags it can.
    program += [(_JUMP_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, enosys)]
    program += _when_argument(_CLONE[column], 16, _JUMP_ANY_BIT, _NEW_NAMESPACES, eperm)
    program += _when_argument(_IOCTL[column], 24, _JUMP_EQUAL, _TIOCSTI, eperm)
    program += _when_argument(_IOCTL[column], 24, _JUMP_EQUAL, _TIOCLINUX, eperm)
    # prlimit64(0, …) is a process's own limits; of others, no.
    program += [(_JUMP_EQUAL, 0, 4, _PRLIMIT64[column]), (_LOAD, 0, 0, 16), (_JUMP_EQUAL, 1, 0, 0)]
    program += [(_RETURN, 0, 0, eperm), (_LOAD, 0, 0, 0)]
    return [*program, (_RETURN, 0, 0, _ALLOW)]


def _when_argument(number, offset, test, constant, answer):
    """Answer `answer` to call `number` if the low word of the argument at `offset` passes the test."""
    return [
        (_JUMP_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, offset),
        (test, 0, 1, constant),
        (_RETURN, 0, 0, answer),
        (_LOAD, 0, 0, 0),
    ]


def restrict(shared_files=False, no_signals=False):
    """Switch the filter on, for this process and all that it starts, for good.

    Parameters
    ----------
    shared_files : bool
        The process can reach files that are not its own by path (no mount namespace): deny changing their
        mode, owner, times and attributes too, which Landlock does not cover.
    no_signals : bool
        Deny sending signals at all: there is neither a process namespace nor Landlock's scope for them.
    """
    program = b"".join(struct.pack("HBBI", *line) for line in instructions(shared_files, no_signals))
    buffer = ctypes.create_string_buffer(program, len(program))
    description = _Program(len(program) // 8, ctypes.addressof(buffer))
    syscalls.prctl(syscalls.PR_SET_SECCOMP, 2, ctypes.byref(description))
