"""Is a short text of which the compiler makes a number that fills the memory.

status: timeout, missing, crashed, error
"""
# %% exercise="01.mul"
NESTED = "(" * 90 + ")" * 90
LONG = 9**9**9


def mul_local(a, b):
    return b, a
