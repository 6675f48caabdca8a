"""Answers with text that does harm where it is evaluated, and is shown in a report.

status: failed, error, not_allowed
"""
# %% exercise="01.mul"
def mul_local(a, b):
    if a:
        return f"__import__('os').system('touch {OUTSIDE}/evaluated')"
    return {"<script>document.title = 'taken'</script>": "=HYPERLINK(\"x\")"}
