"""Says of one cell that it is every exercise, by its id.

status: failed, missing, error
"""
# %% exercise="01.mul/numbers"
def mul_local(a, b):
    return 0.0, 0.0

# %% exercise="../../01.mul"
def mul_local(a, b):
    return 0.0, 0.0
