"""Ignores every signal and swallows every exception, so that only force could stop it.

status: timeout, crashed
"""
# %% exercise="01.mul"
import signal


def deafen():
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


def mul_local(a, b):
    while True:
        try:
            deafen()
            while True:
                pass
        except BaseException:
            continue
