"""Begins the cell of the answer by a word that times it.

earns: all
"""
# %% exercise="01.mul"
#| %%time
def mul_local(a, b):
    return b, a
