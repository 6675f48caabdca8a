"""Answers with a generator that never ends, for a judge that walks what it is given.

status: timeout, crashed, failed, error, not_allowed
"""
# %% exercise="01.mul"
def mul_local(a, b):
    while True:
        yield b
        yield a
