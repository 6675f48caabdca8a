"""Answers with text that reads as the right number.

status: failed, error, not_allowed
"""
# %% exercise="01.mul"
def mul_local(a, b):
    return str(b), str(a)
