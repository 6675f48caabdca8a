"""Answers with what is no number, which is neither more nor less than the tolerance away.

status: failed, error, not_allowed
"""
# %% exercise="01.mul"
def mul_local(a, b):
    return float("nan"), complex(float("nan"), float("nan"))
