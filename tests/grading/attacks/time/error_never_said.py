"""Raises an error whose words never come: whoever asks for its message waits for ever.

status: timeout, crashed, error
"""
# %% exercise="01.mul"
class Silence(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __str__


def mul_local(a, b):
    raise Silence
