"""Has a cell that Python cannot read, beside a right answer.

earns: all
"""
# %%
#| %%html
#| <b>this is no Python</b> def (

# %% exercise="01.mul"
def mul_local(a, b):
    return b, a
