"""Answers with an object that runs a command where it is unpickled.

status: failed, error, not_allowed
"""
# %% exercise="01.mul"
import os


class Opens:
    def __reduce__(self):
        return os.system, (f"touch {OUTSIDE}/unpickled",)

    __reduce_ex__ = lambda self, version: self.__reduce__()

    def __deepcopy__(self, memo):
        return self


def mul_local(a, b):
    return Opens()
