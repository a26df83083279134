# {{.Header}}
import importlib
import os
import signal
import sys
from pathlib import Path

import waitress

os.chdir({{python .Directory}})
sys.path[0] = {{python .Directory}}  # and not the directory of this file
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
module, _, names = {{python .App}}.partition(":")
application = importlib.import_module(module)
for name in names.split("."):
    application = getattr(application, name)
pid = Path({{python .PidFile}})
pid.write_text(str(os.getpid()))
try:
    waitress.serve(
        application,
        unix_socket={{python .Socket}},
        unix_socket_perms="660",  # nginx is in the group of the socket
        threads={{.Threads}},
    )
finally:
    pid.unlink(missing_ok=True)
