"""Says for ever on the judge's own wire that it has begun another cell, so that no limit is reached.

status: timeout, crashed, not_allowed, missing
"""
# %% exercise="01.mul"
import os
import signal
import sys


def is_open(number):
    try:
        os.fstat(number)
        return True
    except OSError:
        return False


def flood():
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    wire = max(number for number in range(3, 128) if is_open(number))
    for module in list(sys.modules.values()):
        frame = getattr(module, "frame", None)
        if getattr(module, "__name__", "").startswith("minidl.grading") and callable(frame):
            data = frame(["cell", 0])
            while True:
                rest = data
                while rest:
                    rest = rest[os.write(wire, rest) :]


flood()
