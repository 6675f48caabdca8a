"""Leaves an object behind whose end never comes, after an answer that is wrong anyway.

status: timeout, crashed, failed
"""
# %% exercise="01.mul"
class Undying:
    def __del__(self):
        while True:
            pass


def mul_local(a, b):
    kept = Undying()
    return 0.0, 0.0
