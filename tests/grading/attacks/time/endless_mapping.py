"""Answers with a dictionary whose items never end.

status: timeout, crashed, failed, error, not_allowed
"""
# %% exercise="01.mul"
from collections.abc import Mapping


class Endless(Mapping):
    def __getitem__(self, key):
        return 1.0

    def __iter__(self):
        n = 0
        while True:
            n += 1
            yield str(n)

    def __len__(self):
        return 2

    def items(self):
        return ((key, 1.0) for key in self)


def mul_local(a, b):
    return Endless()
