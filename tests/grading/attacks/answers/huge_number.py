"""Answers with an integer of a million digits, which takes long to write down.

status: failed, error, timeout, crashed, not_allowed
"""
# %% exercise="01.mul"
def mul_local(a, b):
    return 1 << 100_000_000, 10**1_000_000
