"""Refills the count of visits by which a walk along every path is caught, and walks every path.

exercise: 01.uses
earns: counts
status: failed, timeout, error, crashed
"""
# %% exercise="01.uses"
def uses(root):
    count = {root: 0}
    visits = getattr(root, "visits", {})

    def look(value):
        visits["left"] = 10**12
        for parent in value.parents:
            first = parent not in count
            count[parent] = count.get(parent, 0) + 1
            if first:
                look(parent)
            else:
                walk(parent)

    def walk(value):
        visits["left"] = 10**12
        for parent in value.parents:
            walk(parent)

    look(root)
    return count
