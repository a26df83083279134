# What den asks the Python of an environment. Run as probe.py is, and by the same
# versions.
import sys

sys.path[:] = [d for d in sys.path if d]


def path(value):
    if not isinstance(value, bytes):
        value = value.encode(sys.getfilesystemencoding(), 'surrogateescape')
    return value.decode('latin-1')


lacks = []
# They are compiled, and in the directory that a Python with another's library
# finds last.
for module in ('struct', 'ctypes', 'ssl'):
    try:
        __import__(module)
    except Exception:
        lacks.append([module, str(sys.exc_info()[1])])

import json

print('\nden-probe: ' + json.dumps({
    'version': list(sys.version_info),
    'prefix': path(sys.prefix),
    'base_prefix': path(getattr(sys, 'real_prefix', None) or getattr(sys, 'base_prefix', sys.prefix)),
    'lacks': lacks,
}))
