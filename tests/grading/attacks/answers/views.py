"""Answers with a view of an input, and changes it once the answer is on its way.

exercise: 03.exp
status: failed, error, not_allowed, crashed
"""
# %% exercise="03.exp"
import threading


def exp_vjp(g, z, x):
    def later():
        for _ in range(1000):
            try:
                g[...] = g * z
            except Exception:
                pass

    threading.Thread(target=later, daemon=True).start()
    return g[...]
