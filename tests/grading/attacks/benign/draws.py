"""Draws random numbers, seeds the dice for itself, and answers without them.

earns: all
"""
# %% exercise="01.mul"
import random

import numpy as np

random.seed(3)
np.random.seed(3)


def mul_local(a, b):
    random.shuffle([1, 2, 3])
    np.random.rand(3)
    return b, a
