"""Answers with something like a tensor, which computes, lies and leaves when it is read.

status: failed, error, crashed, not_allowed
"""
# %% exercise="01.mul"
import numpy as np


class Lazy:
    def detach(self):
        return self

    def cpu(self):
        return self

    def numpy(self):
        raise SystemExit(0)


class Liar(Lazy):
    def numpy(self):
        class Any(np.ndarray):
            def __array_finalize__(self, other):
                raise KeyboardInterrupt

        return np.zeros(2).view(Any)


def mul_local(a, b):
    return Lazy() if a else Liar()
