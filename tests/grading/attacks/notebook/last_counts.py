"""Keeps a wrong answer in the last of two cells of one exercise: the last counts.

status: failed
"""
# %% exercise="01.mul"
def mul_local(a, b):
    return b, a

# %% exercise="01.mul"
def mul_local(a, b):
    return a, b
