"""Lost the cell's mark, as in an editor that keeps no such thing: the function's name finds it.

earns: all
"""
# %%
def mul_local(a, b):
    return b, a
