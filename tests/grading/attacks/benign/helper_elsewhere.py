"""Calls a function, a constant, a class and an import that stand in other cells.

earns: all
"""
# %%
import math as maths
from math import *

SIGN = 1.0

# %%
def other(first, second):
    return second * SIGN


class Pair:
    def __init__(self, first, second):
        self.both = maths.fsum([first]), second

# %% exercise="01.mul"
def mul_local(a, b):
    return Pair(other(a, b), other(b, a)).both
