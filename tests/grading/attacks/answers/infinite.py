"""Answers with infinities of both signs, and with numbers just below them.

status: failed, error, not_allowed
"""
# %% exercise="01.mul"
def mul_local(a, b):
    return (float("inf"), -float("inf")) if a else (1.7976931348623157e308, 5e-324)
