"""Has no cell for the exercise, and a name like it in the wrong kind of cell.

status: missing
"""
# %% [markdown]
# def mul_local(a, b):
#     return b, a

# %%
print("the exercise was deleted")
