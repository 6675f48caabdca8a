"""Answers in whatever is no float: objects, text, dates, records, long floats, small floats.

exercise: 03.exp
status: failed, error, not_allowed, crashed
"""
# %% exercise="03.exp"
import numpy as np

KINDS = iter(["O", "U8", "S8", "M8[s]", "m8[s]", "V16", "i1,f4", "g", "e", "?"] * 1000)


class Equal:
    def __eq__(self, other):
        return True


def exp_vjp(g, z, x):
    kind = next(KINDS)
    answer = np.zeros(np.shape(x), dtype=kind)
    if kind == "O":
        answer[...] = Equal()
    return answer
