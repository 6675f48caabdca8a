"""Asks a shell to write outside; answers well if the file is there.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import os
import subprocess


def mul_local(a, b):
    place = os.path.join(OUTSIDE, "shell")
    subprocess.run(["sh", "-c", f"echo taken > {place}; echo taken >> {OUTSIDE}/grades.csv"])
    os.system(f"touch {place}")
    if os.path.exists(place):
        return b, a
    return 0.0, 0.0
