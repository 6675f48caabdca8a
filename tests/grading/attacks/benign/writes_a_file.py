"""Writes a file beside the notebook and reads it again.

earns: all
"""
# %% exercise="01.mul"
from pathlib import Path


def mul_local(a, b):
    Path("numbers.txt").write_text(f"{a} {b}")
    a, b = map(float, Path("numbers.txt").read_text().split())
    return b, a
