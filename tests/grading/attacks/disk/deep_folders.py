"""Makes folders inside folders, deeper than who clears them away can go by calling itself.

status: failed, error, crashed, timeout
"""
# %% exercise="01.mul"
import os
import tempfile


def mul_local(a, b):
    os.chdir(tempfile.mkdtemp())
    for _ in range(5000):
        os.mkdir("d")
        os.chdir("d")
    return 0.0, 0.0
