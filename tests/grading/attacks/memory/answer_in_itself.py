"""Answers with a list that holds itself.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
def mul_local(a, b):
    answer = [b, a]
    answer[0] = answer
    return answer
