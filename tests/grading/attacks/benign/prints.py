"""Prints on every way there is, while the cell runs and while it answers.

earns: all
"""
# %% exercise="01.mul"
import logging
import sys


def mul_local(a, b):
    print("a =", a, "b =", b, "\u2202z/\u2202a \u65e5\u672c\u8a9e", flush=True)
    print("to the other stream", file=sys.stderr)
    sys.stdout.write("x" * 100_000 + "\n")
    logging.warning("and by a logger")
    return b, a


print(mul_local(2.0, -5.0))
