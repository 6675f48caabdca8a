"""Raises an error below the answer, in its own cell and in others.

earns: all
"""
# %%
1 / 0

# %% exercise="01.mul"
def mul_local(a, b):
    return b, a


print(mul_local(1.0))

# %%
undefined_name
