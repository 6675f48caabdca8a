"""Goes round for ever where a helper's default value is made, beside a right answer.

earns: all
status: passed, timeout, missing
"""
# %%
def helper(x=[n for n in iter(int, 1)]):
    return x

# %% exercise="01.mul"
def mul_local(a, b):
    return b, a
