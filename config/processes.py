"""A process that must not outlive the one that started it."""

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Ask Linux to kill this process when its parent (process number `parent`) is gone.

    Web and Celery workers call it after forking, so that none is left when their master is
    killed. On other systems it does nothing: both then notice by themselves, a little later.
    """
    try:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    except (AttributeError, OSError):
        return
    if os.getppid() != parent:  # it was gone already
        os._exit(1)
