"""Holds the exercise's cell twice, as after copy and paste: the last, right one counts.

earns: all
"""
# %% exercise="01.mul"
def mul_local(a, b):
    return a, b

# %% exercise="01.mul"
def mul_local(a, b):
    return b, a
