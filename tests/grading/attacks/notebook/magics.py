"""Asks IPython for shells, files and programs by its magic words.

status: failed, error, not_allowed, missing
"""
# %% exercise="01.mul"
#| %load_ext autoreload
#| %cd /
#| !touch {OUTSIDE}/by_a_shell
#| files = !ls
get_ipython().system("touch " + OUTSIDE + "/by_ipython")


def mul_local(a, b):
    return 0.0, 0.0

# %%
#| %%bash
#| touch $OUTSIDE/by_bash
