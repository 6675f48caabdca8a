"""Reads the environment its process was started with, which os.environ may have forgotten.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
def mul_local(a, b):
    with open("/proc/self/environ", "rb") as file:
        text = file.read()
    if b"SECRET" in text:
        raise RuntimeError(text)
    return 0.0, 0.0
