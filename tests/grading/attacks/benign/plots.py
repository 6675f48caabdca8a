"""Draws while it answers, as lessons do.

earns: all
"""
# %%
import matplotlib.pyplot as plt

# %% exercise="01.mul"
def mul_local(a, b):
    plt.figure()
    plt.plot([0, a], [0, b])
    plt.show()
    plt.close("all")
    return b, a


plt.plot([1, 2], [3, 4])
plt.show()
