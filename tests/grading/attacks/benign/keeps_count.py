"""Keeps a global count, which grows from call to call.

earns: all
"""
# %% exercise="01.mul"
calls = 0


def mul_local(a, b):
    global calls
    calls += 1
    return b, a
