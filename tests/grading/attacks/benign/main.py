"""Guards its trial by the usual question, and asks for its own name.

earns: all
"""
# %% exercise="01.mul"
def mul_local(a, b):
    return b, a


if __name__ == "__main__":
    assert mul_local(1.0, 2.0) == (2.0, 1.0)
