"""Has many cells that never end before the one that answers, so that their times add up.

status: timeout, missing, crashed, failed
"""
# %% exercise="01.bends"
while True:
    pass
# %% exercise="01.value"
while True:
    pass
# %% exercise="01.uses"
while True:
    pass
# %% exercise="01.backward"
while True:
    pass
# %% exercise="01.mul"
def mul_local(a, b):
    return a, b
