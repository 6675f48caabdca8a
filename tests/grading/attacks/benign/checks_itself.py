"""Calls check, hint, badge and predict in the cell of the answer and elsewhere.

earns: all
"""
# %%
from minidl.grading import badge, check, hint, predict, reveal

# %% exercise="01.mul"
def mul_local(a, b):
    return b, a


check("01.mul")
hint("01.mul")

# %%
predict("01.product", -5.0, "How?")
reveal("01.product", -5.0)
badge()
