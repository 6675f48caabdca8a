"""Raises an error whose words are a page's script, a link and the colours of a terminal.

status: error
"""
# %% exercise="01.mul"
class Script(Exception):
    pass


Script.__name__ = "<script>document.title='taken'</script>"


def mul_local(a, b):
    raise Script(
        "<script>document.title='taken'</script><img src=x onerror=alert(1)>"
        "</pre></details><style>*{display:none}</style>=cmd|'/c calc'!A1 \x1b[2J\x00\udcff\u202e"
    )
