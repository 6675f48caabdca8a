"""Trains for minutes in another cell, which no answer needs.

earns: all
"""
# %%
import time

steps = 0
while steps < 10_000:
    time.sleep(0.5)
    steps += 1

# %% exercise="01.mul"
def mul_local(a, b):
    return b, a
