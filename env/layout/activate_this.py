"""Lets a Python that is already running use this environment's packages.

    this = '.../bin/activate_this.py'
    exec(open(this).read(), {'__file__': this})

For programs that embed Python, such as a web server. The running Python must be
of the version that the environment was made for. Elsewhere, start the
environment's own bin/python: it needs no such help.
"""
import ast
import os
import site
import sys

try:
    _bin = os.path.dirname(os.path.abspath(__file__))
except NameError:
    raise AssertionError("run it as exec(open(this).read(), {'__file__': this})")

_prefix = os.path.dirname(_bin)
_packages = os.path.normpath(os.path.join(_bin, '@PACKAGES@'))


def _prompt():
    """The environment's name, unless its pyvenv.cfg has another text."""
    with open(os.path.join(_prefix, 'pyvenv.cfg'), encoding='utf-8') as lines:
        for line in lines:
            key, _, value = line.partition('=')
            value = value.strip()
            if key.strip().lower() == 'prompt':
                return ast.literal_eval(value) if value[:1] in ('"', "'") else value
    return os.path.basename(_prefix)


os.environ['VIRTUAL_ENV'] = _prefix
os.environ['VIRTUAL_ENV_PROMPT'] = _prompt()
os.environ.pop('PYTHONHOME', None)
os.environ['PATH'] = os.pathsep.join([_bin] + [d for d in os.environ.get('PATH', '').split(os.pathsep) if d])

# What the environment has comes before what the interpreter has.
_before = list(sys.path)
site.addsitedir(_packages)
sys.path[:] = [p for p in sys.path if p not in _before] + _before

sys.real_prefix = sys.prefix
sys.prefix = sys.exec_prefix = _prefix
