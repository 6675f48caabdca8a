"""Answers with nothing at all, with Ellipsis, with NotImplemented, with types in place of values.

status: failed, error, not_allowed
"""
# %% exercise="01.mul"
ANSWERS = iter([None, ..., NotImplemented, float, (), {}, [], b"", "", object()] * 100)


def mul_local(a, b):
    return next(ANSWERS)
