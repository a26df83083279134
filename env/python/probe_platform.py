# What den asks a Python about the machine that compiled modules have to be made
# for. Run as probe.py is, and by the same versions.
import sys

sys.path[:] = [d for d in sys.path if d]

import json
import os
import platform
import sysconfig


def libc():
    """The kind and the version of the C library, where it can be told."""
    try:
        kind, version = os.confstr('CS_GNU_LIBC_VERSION').split()
        return kind, version
    except (AttributeError, OSError, ValueError):
        pass
    for directory in ('/lib', '/usr/lib'):
        try:
            if any(name.startswith('ld-musl-') for name in os.listdir(directory)):
                return 'musl', ''
        except OSError:
            pass
    return '', ''


print('\nden-probe: ' + json.dumps({
    'abi': sysconfig.get_config_var('SOABI') or '',
    'system': platform.system().lower(),
    'machine': platform.machine(),
    'libc': libc()[0],
    'libc_version': libc()[1],
}))
