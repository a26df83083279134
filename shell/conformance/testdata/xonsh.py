"""xonsh, read and compiled once for many scripts.

Where a script is wanted, this process forks, and the child is xonsh from there on: a
session of its own, with the arguments, directory, variables and files that the client
sends. The client gets the child's process id, and in the end its exit status, each on
a line. All ends when standard input does.

    xonsh.py SOCKET SCRIPT    SCRIPT loads the modules that scripts need
"""

import gc
import importlib
import os
import select
import signal
import socket
import sys

from xonsh.main import main


def load(script):
    """Imports what a xonsh has imported that runs the script."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        sys.argv = ["xonsh", "--no-rc", script]
        main()
        os.write(writing, "\n".join(sys.modules).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as modules:
        for name in modules.read().split():
            if not name.startswith("__"):
                importlib.import_module(name)
    os.waitpid(child, 0)


def receive(connection):
    """Returns the fields of a request, and the three files that came with it."""
    text, files, _, _ = socket.recv_fds(connection, 1 << 16, 3)
    while more := connection.recv(1 << 16):
        text += more
    return text.split(b"\0"), files


def become(fields, files):
    """Makes this process the one that the request asks for."""
    os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    directory, count, rest = fields[0], int(fields[1]), fields[2:]
    os.chdir(directory)
    sys.argv = [os.fsdecode(word) for word in rest[:count]]
    os.environ.clear()
    os.environb.update(entry.split(b"=", 1) for entry in rest[count:])


def serve(listener):
    """Answers requests. Returns in a child, which is to be xonsh."""
    asked = {}
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    while True:
        ready, _, _ = select.select([sys.stdin, woken, listener], [], [])
        if sys.stdin in ready:
            os._exit(0)
        if woken in ready:
            os.read(woken, 1 << 16)
        while asked:
            child, status = os.waitpid(-1, os.WNOHANG)
            if child == 0:
                break
            with asked.pop(child) as connection:
                connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
        if listener not in ready:
            continue
        connection, _ = listener.accept()
        fields, files = receive(connection)
        child = os.fork()
        if child == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for file in [connection, listener, *asked.values()]:
                file.close()
            os.close(woken)
            os.close(wake)
            return become(fields, files)
        for file in files:
            os.close(file)
        asked[child] = connection
        connection.sendall(b"%d\n" % child)


load(sys.argv[2])
gc.collect()
gc.freeze()
with socket.socket(socket.AF_UNIX) as listener:
    listener.bind(sys.argv[1])
    listener.listen(64)
    print("listening", flush=True)
    serve(listener)
sys.exit(main())
