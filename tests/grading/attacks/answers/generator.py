"""Answers with a generator: a promise of the right numbers, not the numbers.

status: failed, error, not_allowed
"""
# %% exercise="01.mul"
def mul_local(a, b):
    yield 0.0
    yield 0.0
