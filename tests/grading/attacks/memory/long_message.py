"""Raises an error of 200 million letters, for the judge to write down.

status: error, crashed, timeout
"""
# %% exercise="01.mul"
def mul_local(a, b):
    raise ValueError("long " * 40_000_000)
