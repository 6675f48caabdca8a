"""Turns warnings into errors for itself, and never meets one.

earns: all
"""
# %% exercise="01.mul"
import warnings

warnings.simplefilter("error")


def mul_local(a, b):
    return b, a
