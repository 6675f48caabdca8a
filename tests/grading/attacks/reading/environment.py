"""Says aloud the environment of its own process and of every other it can see.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import glob
import os


def mul_local(a, b):
    own = os.getpid()
    seen = {key: value for key, value in os.environ.items() if "SECRET" in key or "TOKEN" in key}
    if seen:
        raise RuntimeError(seen)
    for place in glob.glob("/proc/[0-9]*/environ"):
        if int(place.split("/")[2]) == own:
            continue
        try:
            with open(place, "rb") as file:
                text = file.read()
        except OSError:
            continue
        if b"SECRET" in text:
            raise RuntimeError(text)
    return 0.0, 0.0
