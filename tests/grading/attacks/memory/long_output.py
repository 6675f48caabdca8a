"""Prints and prints, for a judge that keeps what is printed; the answer is wrong besides.

status: failed, timeout, crashed
"""
# %% exercise="01.mul"
import os
import sys

line = "x" * 1_000_000


def mul_local(a, b):
    for _ in range(300):
        print(line)
        sys.__stdout__.write(line)
        sys.stderr.write(line)
        os.write(1, line.encode())
        os.write(2, line.encode())
    return 0.0, 0.0
