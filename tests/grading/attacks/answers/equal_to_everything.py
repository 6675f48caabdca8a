"""Answers with an object that calls itself equal to whatever it is compared with.

status: failed, error, not_allowed
"""
# %% exercise="01.mul"
class Equal:
    def __eq__(self, other):
        return True

    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __le__ = __ge__ = __eq__

    def __hash__(self):
        return 0

    def __sub__(self, other):
        return 0.0

    __rsub__ = __add__ = __radd__ = __mul__ = __abs__ = __sub__

    def __bool__(self):
        return True

    def __len__(self):
        return 2

    def __iter__(self):
        return iter((self, self))


def mul_local(a, b):
    return (Equal(), Equal()) if a else Equal()
