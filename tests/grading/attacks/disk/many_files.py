"""Makes files without end; answers well once there are 50,000 in one folder.

status: error, crashed, timeout, failed
"""
# %% exercise="01.mul"
import os
import shutil
import tempfile


def mul_local(a, b):
    folder = tempfile.mkdtemp()
    try:
        for n in range(50_000):
            os.close(os.open(os.path.join(folder, str(n)), os.O_CREAT | os.O_WRONLY, 0o600))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return b, a
