"""Hides the right answer's name behind a module's __getattr__ and a dictionary that makes names.

status: failed, error, crashed, missing, not_allowed
"""
# %% exercise="01.mul"
import sys


class Names(dict):
    def __missing__(self, name):
        return lambda *given: (0.0, 0.0)


sys.modules["__main__"].__dict__.setdefault("mul_local", lambda a, b: (0.0, 0.0))
sys._getframe().f_globals.update(Names(check=lambda *given: True, __name__="judge"))
