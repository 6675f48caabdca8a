"""Goes round for ever in the answer, so that the judge may wait for ever.

status: timeout
"""
# %% exercise="01.mul"
def mul_local(a, b):
    while True:
        pass
