# What den asks a Python about itself. Run as `python -E -s -c SCRIPT`; works
# from 2.7 on, so that one that is too old can be told from one that is broken.
#
# Prints one line: a mark, and an object in JSON. A path goes into it with one
# character for each of its bytes, since a path need not be text.
import sys

# -c puts the working directory first, and den does not know what json.py lies
# in it. (-I does the same, but 2.7 does not know -I.)
sys.path[:] = [d for d in sys.path if d]

import json
import os
import sysconfig

ENVIRONMENT = '/den-environment'  # stands for the environment in a scheme


def path(value):
    if not value:
        return ''
    if not isinstance(value, bytes):
        value = os.fsencode(value)
    return value.decode('latin-1')


def base_prefix():
    # real_prefix is what virtualenv set before version 20.
    return getattr(sys, 'real_prefix', None) or getattr(sys, 'base_prefix', sys.prefix)


def settings():
    """The keys of pyvenv.cfg, in bytes."""
    found = {}
    for directory in (os.path.dirname(sys.executable), sys.prefix):
        try:
            with open(os.path.join(directory, 'pyvenv.cfg'), 'rb') as cfg:
                for line in cfg:
                    key, equals, value = line.partition(b'=')
                    if equals:
                        found[key.strip().lower()] = value.strip()
                return found
        except EnvironmentError:
            pass
    return found


def base_executable():
    if base_prefix() == sys.prefix:
        return sys.executable
    # 3.8 to 3.10 say here what sys.executable says, in an environment too.
    known = getattr(sys, '_base_executable', None)
    if known and known != sys.executable and os.path.isfile(known):
        return known
    cfg = settings()
    implementation = b'pypy' if hasattr(sys, 'pypy_version_info') else b'python'
    names = [implementation + suffix.encode('ascii')
             for suffix in ('%d.%d' % sys.version_info[:2], '%d' % sys.version_info[0], '')]
    candidates = [cfg.get(b'base-executable')]
    if cfg.get(b'home'):
        candidates += [os.path.join(cfg[b'home'], name) for name in names]
    candidates += [cfg.get(b'executable')]
    bin_directory = path(os.path.join(base_prefix(), 'bin')).encode('latin-1')
    candidates += [os.path.join(bin_directory, name) for name in names]
    for candidate in candidates:
        if candidate and os.path.isfile(candidate):
            return candidate
    return None


def scheme():
    name = 'venv' if 'venv' in sysconfig.get_scheme_names() else 'posix_prefix'
    paths = sysconfig.get_paths(name, vars={'base': ENVIRONMENT, 'platbase': ENVIRONMENT})
    relative = {}
    for key, value in paths.items():
        if value == ENVIRONMENT:
            value = '.'
        elif value.startswith(ENVIRONMENT + '/'):
            value = value[len(ENVIRONMENT) + 1:]
        relative[key] = path(value)
    return relative


def importable(module):
    try:
        from importlib.util import find_spec
    except ImportError:
        import imp
        try:
            imp.find_module(module)
            return True
        except ImportError:
            return False
    return find_spec(module) is not None


def debian():
    try:
        import site
        return any(d.endswith('dist-packages') for d in site.getsitepackages())
    except (ImportError, AttributeError):  # the site.py of virtualenv before 20
        return False


def wheel_dirs():
    bundled = os.path.join(os.path.dirname(os.__file__), 'ensurepip', '_bundled')
    distribution = sysconfig.get_config_var('WHEEL_PKG_DIR')
    return [path(d) for d in (distribution, bundled) if d]


def implementation():
    if hasattr(sys, 'implementation'):
        return sys.implementation.name
    return 'pypy' if hasattr(sys, 'pypy_version_info') else 'cpython'


print('\nden-probe: ' + json.dumps({
    'version': list(sys.version_info),
    'implementation': implementation(),
    'free_threaded': bool(sysconfig.get_config_var('Py_GIL_DISABLED')),
    'pointer_bits': 64 if sys.maxsize > 2 ** 32 else 32,
    'executable': path(sys.executable),
    'base_executable': path(base_executable()),
    'prefix': path(sys.prefix),
    'base_prefix': path(base_prefix()),
    'stdlib': path(os.path.dirname(os.__file__)),
    'scheme': scheme(),
    'has_venv': importable('venv'),
    'has_ensurepip': importable('ensurepip'),
    'wheel_dirs': wheel_dirs(),
    'debian': debian(),
}))
