"""Reads at address zero, which ends the process by a signal.

status: crashed
"""
# %% exercise="01.mul"
import ctypes


def mul_local(a, b):
    ctypes.string_at(0)
