"""The plan: a graph as a list of NumPy calls between arrays that stay where they are.

It runs wherever NumPy does. `steps.py` turns calls into steps, `letters.py` finds the ufuncs that
a forward rule is made of, `placing.py` gives every result its memory, `running.py` runs.
"""

from .running import plan as plan
