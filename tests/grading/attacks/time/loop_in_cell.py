"""Goes round for ever in the cell itself, before there is an answer.

status: timeout, missing
"""
# %% exercise="01.mul"
while True:
    pass


def mul_local(a, b):
    return b, a
