"""Answers with lists inside lists, deeper than a walk that calls itself can follow.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
def mul_local(a, b):
    answer = [b, a]
    for _ in range(200_000):
        answer = [answer]
    return answer
