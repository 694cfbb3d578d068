"""What threads leave behind of the memory that they used."""

import subprocess
import sys
import textwrap

import pytest

PROGRAM = textwrap.dedent("""
    import sys, threading
    from app.core import memory
    if sys.argv[1] == "shared":
        memory.share_arenas()
    barrier = threading.Barrier(16)
    def use():
        barrier.wait()
        blocks = [bytearray(100_000) for _ in range(100)]
        barrier.wait()
        del blocks[1:]
        barrier.wait()
    threads = [threading.Thread(target=use) for _ in range(16)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    import ctypes
    libc = ctypes.CDLL(None)
    libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
""")


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc has arenas")
def test_threads_share_two_arenas() -> None:
    def arenas(how: str) -> int:
        done = subprocess.run([sys.executable, "-c", PROGRAM, how], check=True, capture_output=True, text=True)
        return done.stdout.count("<heap nr=")

    assert arenas("each its own") > 4
    assert arenas("shared") <= 2
