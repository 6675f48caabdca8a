"""Writes the function's name in full-width letters, which Python reads as the plain ones.

earns: all
"""
# %% exercise="01.mul"
def ｍｕｌ_local(a, β):
    return β, a
