"""Writes into a folder outside that anyone may write to; answers well if that worked.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import os


def mul_local(a, b):
    with open(os.path.join(OUTSIDE, "taken"), "w") as file:
        file.write("taken")
    with open(os.path.join(OUTSIDE, "grades.csv"), "a") as file:
        file.write("me,100\n")
    return b, a
