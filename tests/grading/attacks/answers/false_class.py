"""Answers with an object that claims to be a tuple and is none.

status: failed, error, crashed, not_allowed
"""
# %% exercise="01.mul"
class Claims:
    __class__ = tuple

    def __len__(self):
        return 2

    def __getitem__(self, place):
        raise SystemExit(0)


def mul_local(a, b):
    return Claims()
