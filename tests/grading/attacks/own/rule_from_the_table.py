"""Answers with the rule that minidl's own primitive has.

exercise: 03.exp
status: failed, error, crashed, not_allowed
"""
# %% exercise="03.exp"
from minidl.primitive import TABLE

THEIRS = TABLE["exp"].rules[0] if TABLE["exp"].rules else None


def exp_vjp(g, z, x):
    return THEIRS(g, z, x)
