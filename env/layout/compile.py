# Compiles the files named on the command line, relative to the first, a
# directory. Python does so by itself when it first imports a module; here it is
# done once for all environments.
#
# A file that is not of this Python's syntax is left alone, as pip leaves it:
# packages have some for other versions.
import os
import py_compile
import sys

os.chdir(sys.argv[1])
for name in sys.argv[2:]:
    try:
        py_compile.compile(name, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.TIMESTAMP)
    except py_compile.PyCompileError:
        pass
