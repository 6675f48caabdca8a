"""Has its cells in another order than the lesson's; each is complete in itself.

exercise: 01.uses 01.mul
earns: all
"""
# %% exercise="01.uses"
def uses(root):
    count, todo = {root: 0}, [root]
    while todo:
        for parent in todo.pop().parents:
            if parent not in count:
                count[parent] = 0
                todo.append(parent)
            count[parent] += 1
    return count

# %% exercise="01.mul"
def mul_local(a, b):
    return b, a
