"""Calls the answer of an earlier exercise, as the lesson's own solution does.

exercise: 01.uses 01.backward
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

# %% exercise="01.backward"
def backward(root):
    waiting = uses(root)
    for value in waiting:
        value.grad = 0.0
    root.grad = 1.0
    ready = [root]
    while ready:
        value = ready.pop()
        for parent, local in zip(value.parents, value.local):
            parent.grad += local * value.grad
            waiting[parent] -= 1
            if waiting[parent] == 0:
                ready.append(parent)
