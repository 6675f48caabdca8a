"""Waits for somebody to type: by input(), by the terminal, by the debugger.

status: error, failed, timeout, crashed, not_allowed
"""
# %% exercise="01.mul"
import sys


def mul_local(a, b):
    if a:
        return float(input("The answer, please: ")), 0.0
    with open("/dev/tty") as terminal:
        return float(terminal.readline()), 0.0
