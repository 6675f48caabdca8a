"""Writes into minidl's own files, so that the next submission is judged by what it likes.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import os

import numpy

import minidl


def mul_local(a, b):
    for module in (minidl, numpy, os):
        place = os.path.join(os.path.dirname(module.__file__), "taken_by_an_attack.py")
        try:
            with open(place, "w") as file:
                file.write("taken = True\n")
            os.unlink(place)
            return b, a
        except OSError:
            continue
    return 0.0, 0.0
