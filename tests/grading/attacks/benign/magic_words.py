"""Uses IPython's words in the cell of the answer, as many do.

earns: all
"""
# %% exercise="01.mul"
#| %matplotlib inline
#| !pip list
#| mul_local?


def mul_local(a, b):
    return b, a


#| %time mul_local(1.0, 2.0)
