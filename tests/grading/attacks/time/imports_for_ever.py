"""Goes round for ever while something is imported, with the interpreter's lock on that name.

status: timeout, missing, crashed
"""
# %% exercise="01.mul"
import sys


class Finder:
    def find_spec(self, name, path=None, target=None):
        while True:
            pass


sys.meta_path.insert(0, Finder())
import a_module_that_is_not_there


def mul_local(a, b):
    return b, a
