"""Writes a program into its folder and runs it, where a limit on Python would not hold.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import os
import subprocess
import tempfile


def mul_local(a, b):
    place = os.path.join(tempfile.mkdtemp(), "program")
    with open(place, "w") as file:
        file.write(f"#!/bin/sh\ntouch {OUTSIDE}/program\n")
    os.chmod(place, 0o755)
    subprocess.run([place])
    if os.path.exists(os.path.join(OUTSIDE, "program")):
        return b, a
    return 0.0, 0.0
