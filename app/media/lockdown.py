"""Giving up every right a decoder does not need, before it sees the first hostile byte. Linux only, and
final.

A list of system calls is allowed (read, write, memory, threads, time); all others answer EPERM: no files,
no sockets, no programs, no signals to others, no new executable memory. Limits on processor time and memory
do the rest. There is no limit on the number of processes, because it counts all of a user's threads: the
filter refuses new processes.
"""

import ctypes
import os
import platform
import resource
import signal
import socket
import struct
from dataclasses import dataclass

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC = 1, 1

ALLOW, KILL = 0x7FFF0000, 0x80000000
EPERM, ENOSYS = 0x00050000 | 1, 0x00050000 | 38

LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, ARCH_AT, ARGUMENTS_AT = 0, 4, 16
X32_BIT = 0x40000000
CLONE_THREAD = 0x00010000
PROT_EXEC = 0x4

CALLS = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "pread64": (17, 67),
    "readv": (19, 65),
    "writev": (20, 66),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "exit": (60, 93),
    "gettimeofday": (96, 169),
    "getcwd": (79, 17),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "set_robust_list": (273, 99),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "rseq": (334, 293),
}
"""Allowed with any arguments: numbers on x86_64 and aarch64 (Linux `asm/unistd_64.h`, `asm-
generic/unistd.h`)."""


@dataclass(frozen=True)
class Machine:
    """What differs between the two processors."""

    column: int
    audit_arch: int
    seccomp: int
    clone: int
    clone3: int
    mmap: int
    mprotect: int
    tgkill: int


MACHINES = {
    "x86_64": Machine(0, 0xC000003E, 317, 56, 435, 9, 10, 234),
    "aarch64": Machine(1, 0xC00000B7, 277, 220, 435, 222, 226, 131),
}


class NotLocked(Exception):
    """The process could not be locked down; it must not decode anything."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def lock(cpu_seconds: int, memory: int) -> None:
    """Lock this process: `memory` bytes more than it has now, `cpu_seconds` from its start. Raises
    `NotLocked`."""
    try:
        machine = MACHINES[platform.machine()]
        libc = ctypes.CDLL(None, use_errno=True)
        control(libc, PR_SET_PDEATHSIG, signal.SIGKILL)
        control(libc, PR_SET_DUMPABLE, 0)
        control(libc, PR_SET_NO_NEW_PRIVS, 1)
        limit(cpu_seconds, memory)
        install(libc, machine, build_filter(machine))
    except (KeyError, OSError, ValueError) as error:
        raise NotLocked(type(error).__name__) from error
    prove()


def control(libc: ctypes.CDLL, option: int, value: int) -> None:
    """One prctl that must succeed."""
    if libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def limit(cpu_seconds: int, memory: int) -> None:
    """Soft and hard limits, and a place behind whoever serves pages."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        used = int(statm.read().split()[0]) * resource.getpagesize()
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))


def build_filter(machine: Machine) -> bytes:
    """The seccomp program in classic BPF. A rule that does not match falls through to the next."""
    lines = [
        (LOAD, 0, 0, ARCH_AT),
        (JUMP_EQUAL, 1, 0, machine.audit_arch),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
        (JUMP_AT_LEAST, 0, 1, X32_BIT),
        (RETURN, 0, 0, KILL),
    ]
    for numbers in CALLS.values():
        lines += [(JUMP_EQUAL, 0, 1, numbers[machine.column]), (RETURN, 0, 0, ALLOW)]
    # Threads, never processes. clone3 hides its flags from filters: "no such call" makes the C library use
    # clone.
    lines += [(JUMP_EQUAL, 0, 1, machine.clone3), (RETURN, 0, 0, ENOSYS)]
    lines += when(machine.clone, argument=0, test=JUMP_ANY_BIT, value=CLONE_THREAD, then=ALLOW, otherwise=EPERM)
    for call in (machine.mmap, machine.mprotect):
        lines += when(call, argument=2, test=JUMP_ANY_BIT, value=PROT_EXEC, then=EPERM, otherwise=ALLOW)
    # So that abort() works; nobody else can be signalled.
    lines += when(machine.tgkill, argument=0, test=JUMP_EQUAL, value=os.getpid(), then=ALLOW, otherwise=EPERM)
    lines += [(RETURN, 0, 0, EPERM)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def when(
    call: int, *, argument: int, test: int, value: int, then: int, otherwise: int
) -> list[tuple[int, int, int, int]]:
    """A rule for one system call that looks at the low half of one argument."""
    return [
        (JUMP_EQUAL, 0, 4, call),
        (LOAD, 0, 0, ARGUMENTS_AT + 8 * argument),
        (test, 0, 1, value),
        (RETURN, 0, 0, then),
        (RETURN, 0, 0, otherwise),
    ]


def install(libc: ctypes.CDLL, machine: Machine, filter_: bytes) -> None:
    """Put the filter over every thread of the process."""
    program = _Program(len(filter_) // 8, filter_)
    flags = ctypes.c_uint(SECCOMP_FILTER_FLAG_TSYNC)
    if libc.syscall(machine.seccomp, SECCOMP_SET_MODE_FILTER, flags, ctypes.byref(program)) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


def prove() -> None:
    """Try what must not work. A filter that is not in force is worse than none that is asked for."""
    for forbidden in (socket.socket, lambda: os.open("/", os.O_RDONLY), os.fork):
        try:
            result = forbidden()
        except PermissionError:
            continue
        if forbidden is os.fork and result == 0:
            os._exit(1)
        raise NotLocked("the filter is not in force")
