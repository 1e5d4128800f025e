"""Namespaces: a student's process sees its own file tree, its own processes, no network.

The tree holds the system's libraries and Python, read-only, and an empty home and /tmp in memory. Everything else of
the machine (courses, gradebook, homes, sockets) is not hidden there but absent.
"""

import os

from cs_layers.grading.sandbox import syscalls

HOME = "/home/student"
_APART = syscalls.CLONE_NEWPID | syscalls.CLONE_NEWNET | syscalls.CLONE_NEWIPC | syscalls.CLONE_NEWUTS
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
ETC = ("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/etc/alternatives", "/etc/mime.types")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def enter(uid, gid):
    """Leave the machine's namespaces; the next fork is process 1 of the new ones.

    As root the namespaces are made directly; the caller must change to `uid` before any student code runs.
    Others make a user namespace in which they stay who they are.

    Raises
    ------
    OSError
        Where the machine does not allow it (many containers, some distributions).
    """
    if os.getuid() == 0:
        syscalls.unshare(_APART)
        return
    syscalls.unshare(syscalls.CLONE_NEWUSER | _APART)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def build_root(mountpoint, readable, hidden, disk, uid, gid):
    """Make the file tree under `mountpoint`, an empty folder, and move into it.

    Parameters
    ----------
    mountpoint : str
    readable : list of str
        Folders to show at their own path, read-only.
    hidden : list of str
        Folders under these to cover with an empty one.
    disk : int
        Megabytes that home and /tmp may each hold.
    uid, gid : int
        Who owns home.
    """
    syscalls.unshare(syscalls.CLONE_NEWNS)  # here, so that whoever called `enter` keeps the machine's tree
    syscalls.mount("none", "/", flags=syscalls.MS_REC | syscalls.MS_PRIVATE)
    syscalls.mount("tmpfs", mountpoint, "tmpfs", syscalls.MS_NOSUID, "size=1m,mode=755")
    owner = f"uid={uid},gid={gid},mode=700,nr_inodes=20000"
    for path, size in ((HOME, disk), ("/tmp", disk), ("/dev/shm", 16)):
        os.makedirs(mountpoint + path, exist_ok=True)
        flags = syscalls.MS_NOSUID | syscalls.MS_NODEV
        syscalls.mount("tmpfs", mountpoint + path, "tmpfs", flags, f"size={size}m,{owner}")
    for path in sorted({*SYSTEM, *readable}, key=len):
        _show(path, mountpoint)
    for path in (*ETC, *DEVICES):
        _show(path, mountpoint, path.startswith("/dev"))
    for path in hidden:
        if os.path.isdir(mountpoint + path):
            syscalls.mount("tmpfs", mountpoint + path, "tmpfs", syscalls.MS_RDONLY, "size=4k,mode=755")
    os.makedirs(mountpoint + "/proc", exist_ok=True)
    os.makedirs(mountpoint + "/etc", exist_ok=True)
    try:
        flags = syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC
        syscalls.mount("proc", mountpoint + "/proc", "proc", flags)
    except OSError:
        pass  # a container may forbid it; nothing needs it
    with open(mountpoint + "/etc/passwd", "w") as file:
        file.write(f"student:x:{uid}:{gid}::{HOME}:/bin/sh\n")
    syscalls.enter_root(mountpoint)
    syscalls.mount("none", "/", flags=syscalls.MS_REMOUNT | syscalls.MS_BIND | syscalls.MS_RDONLY | syscalls.MS_NOSUID)


def _show(path, mountpoint, device=False):
    """Show one path of the machine in the new tree; links are made again as links."""
    target = mountpoint + path
    if os.path.lexists(target) or not os.path.exists(path):
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(path) and path in SYSTEM:
        os.symlink(os.readlink(path), target)
        return
    if os.path.isdir(path):
        os.mkdir(target)
    else:
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    if device:
        syscalls.mount(path, target, flags=syscalls.MS_BIND)
    else:
        syscalls.bind_read_only(path, target)
