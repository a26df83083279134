# What den runs on the other side of "den push": it takes an environment from
# standard input, makes it aside, checks it, and puts it in its place. It needs
# Python 3.8 and nothing else, and keeps to what den does in the same directory
# (package env/store): a lock for each name, stages that others can tell are
# abandoned.
#
# Each side sends lines of JSON. The manifest (package env/pack) follows its line,
# compressed by zlib, and so do, at last, the missing files, one after the other.
import ctypes
import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import zlib

KEPT = 3  # how many versions are kept beside the present one
EXCHANGE = 2  # RENAME_EXCHANGE, RENAME_SWAP


class Failure(Exception):
    """What went wrong, in words for a person."""


def say(**answer):
    # Start-up files of a shell may have printed something before.
    sys.stdout.write('den-push: ' + json.dumps(answer) + '\n')
    sys.stdout.flush()


def hear():
    line = sys.stdin.buffer.readline()
    if not line.endswith(b'\n'):
        raise Failure('the other side has gone')
    return json.loads(line)


def read_exactly(size):
    text = sys.stdin.buffer.read(size)
    if len(text) != size:
        raise Failure('the other side has gone')
    return text


def libc():
    try:
        return os.confstr('CS_GNU_LIBC_VERSION').split()
    except (AttributeError, OSError, ValueError):
        pass
    for directory in ('/lib', '/usr/lib'):
        if os.path.isdir(directory) and any(name.startswith('ld-musl-') for name in os.listdir(directory)):
            return ['musl', '']
    return ['', '']


def base_python():
    """The program to link to: one from which Python finds its own library."""
    program = getattr(sys, '_base_executable', None) or sys.executable
    for _ in range(40):
        if os.path.realpath(os.path.dirname(os.path.dirname(program))) == os.path.realpath(sys.base_prefix) or not os.path.islink(program):
            return program
        program = os.path.join(os.path.dirname(program), os.readlink(program))
    return program


def exchange(one, other):
    """Makes two directories change places at once."""
    system = ctypes.CDLL(None, use_errno=True)
    one, other = os.fsencode(one), os.fsencode(other)
    if hasattr(system, 'renameat2'):
        failed = system.renameat2(-100, one, -100, other, EXCHANGE)
    elif hasattr(system, 'renamex_np'):
        failed = system.renamex_np(one, other, EXCHANGE)
    else:
        raise Failure('this system cannot exchange two directories at once')
    if failed:
        error = ctypes.get_errno()
        raise Failure('exchanging %s and %s: %s' % (os.fsdecode(one), os.fsdecode(other), os.strerror(error)))


def flush(directory):
    """Returns when all that is in the directory is on the disk."""
    system = ctypes.CDLL(None, use_errno=True)
    if not hasattr(system, 'syncfs'):
        os.sync()
        return
    fd = os.open(directory, os.O_RDONLY)
    try:
        if system.syncfs(fd):
            raise Failure('writing %s to the disk: %s' % (directory, os.strerror(ctypes.get_errno())))
    finally:
        os.close(fd)


class Lock:
    """A lock as den takes it: the file is there only while somebody has it."""

    def __init__(self, path, wait):
        while True:
            self.path, self.fd = path, os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(self.fd, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except OSError:
                os.close(self.fd)
                raise
            if self.is_current():
                return
            os.close(self.fd)

    def is_current(self):
        try:
            return os.path.samestat(os.fstat(self.fd), os.lstat(self.path))
        except FileNotFoundError:
            return False

    def release(self):
        if self.is_current():
            os.unlink(self.path)
        os.close(self.fd)


class Home:
    """The directory of the environments."""

    def __init__(self, path):
        self.path = path
        os.makedirs(path, exist_ok=True)
        for part in ('', 'locks', 'staging', 'pushed'):
            os.makedirs(self.state(part), mode=0o700, exist_ok=True)

    def state(self, *parts):
        return os.path.join(self.path, '.den', *parts)

    def clear(self):
        """Deletes the stages of those that died, unless den has to finish them."""
        for name in os.listdir(self.state('staging')):
            stage = self.state('staging', name)
            if any(os.path.lexists(os.path.join(stage, note)) for note in ('.journal', '.old')):
                continue
            try:
                lock = Lock(os.path.join(stage, '.lock'), wait=False)
            except OSError:
                continue  # somebody is at work there, or it is gone
            shutil.rmtree(stage, ignore_errors=True)
            os.close(lock.fd)

    def new_stage(self):
        """A directory aside, and the lock in it."""
        while True:
            stage = tempfile.mkdtemp(dir=self.state('staging'))
            try:
                return stage, Lock(os.path.join(stage, '.lock'), wait=False)
            except OSError:
                pass  # somebody took it for abandoned before it was locked

    def kept(self, name):
        """The versions of an environment that are kept, the newest first."""
        directory = self.state('pushed', name)
        if not os.path.isdir(directory):
            return []
        versions = sorted((v for v in os.listdir(directory) if v.isdigit()), key=int, reverse=True)
        return [os.path.join(directory, version) for version in versions]

    def keep(self, version, name, oldest=False):
        """Keeps a version; the oldest is the one that goes first."""
        directory = self.state('pushed', name)
        os.makedirs(directory, mode=0o700, exist_ok=True)
        kept = self.kept(name)
        when = time.time_ns()
        if oldest and kept:
            when = int(os.path.basename(kept[-1])) - 1
        os.rename(version, os.path.join(directory, str(when)))
        for old in self.kept(name)[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)


def hash_of(path):
    digest = hashlib.sha256()
    with open(path, 'rb') as file:
        for piece in iter(lambda: file.read(1 << 20), b''):
            digest.update(piece)
    return digest.hexdigest()


def find_content(directories, wanted):
    """Where the wanted files, by their hashes, are on this machine already."""
    found, sizes = {}, {file['size'] for file in wanted.values()}
    for directory in directories:
        for parent, names, files in os.walk(directory):
            if '__pycache__' in names:
                names.remove('__pycache__')
            for name in files:
                path = os.path.join(parent, name)
                if os.path.islink(path) or not os.path.isfile(path) or os.path.getsize(path) not in sizes:
                    continue
                digest = hash_of(path)
                if digest in wanted:
                    found.setdefault(digest, path)
        if len(found) == len(wanted):
            break
    return found


class Stream:
    """The missing files, as they come."""

    def __init__(self):
        self.inflate, self.text = zlib.decompressobj(), b''

    def read(self, size):
        while not self.text:
            piece = self.inflate.unconsumed_tail or sys.stdin.buffer.read1(1 << 18)
            if not piece:
                raise Failure('the connection ended before all was here')
            self.text = self.inflate.decompress(piece, 1 << 20)
        piece, self.text = self.text[:size], self.text[size:]
        return piece


class Build:
    """An environment that is being made at a path aside."""

    def __init__(self, path, manifest):
        self.path, self.manifest = path, manifest
        os.mkdir(path)

    def place(self, below):
        """The path of a file, in directories that are there."""
        parts = below.split('/')
        if below.startswith('/') or '..' in parts or '.' in parts or '' in parts:
            raise Failure('the file has an impossible name: %r' % below)
        path = os.path.join(self.path, below)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def write(self, file, pieces):
        path, digest = self.place(file['path']), hashlib.sha256()
        with open(path, 'xb') as out:
            for piece in pieces:
                digest.update(piece)
                out.write(piece)
            os.fchmod(out.fileno(), file['mode'] & 0o777)
        if digest.hexdigest() != file['sha256']:
            raise Failure('%s is not what was sent' % file['path'])
        return path

    def fill(self, found, stream):
        links, received = [], {}
        for file in self.manifest['files']:
            digest = file.get('sha256')
            if file.get('link'):
                links.append(file)
            elif not digest:
                os.mkdir(self.place(file['path']), file['mode'] & 0o777)
            elif digest in found or digest in received:
                self.write(file, pieces_of(found.get(digest) or received[digest]))
            else:
                received[digest] = self.write(file, take(stream, file.get('size', 0)))
        for file in links:
            os.symlink(file['link'], self.place(file['path']))

    def lay(self):
        """Makes what belongs to this machine: the links to Python, pyvenv.cfg."""
        base, series = base_python(), '%d.%d' % sys.version_info[:2]
        own = os.path.basename(base)
        os.makedirs(os.path.join(self.path, 'bin'), exist_ok=True)
        for name in [own, 'python', 'python3', 'python' + series]:
            link = os.path.join(self.path, 'bin', name)
            if not os.path.lexists(link):
                os.symlink(base if name == own else own, link)
        lib64 = os.path.join(self.path, 'lib64')
        if sys.maxsize > 2 ** 32 and sys.platform != 'darwin' and not os.path.lexists(lib64):
            os.symlink('lib', lib64)
        system = 'true' if self.manifest.get('system_site_packages') else 'false'
        lines = ['home = ' + os.path.dirname(base), 'include-system-site-packages = ' + system,
                 'version = %d.%d.%d' % sys.version_info[:3], 'executable = ' + os.path.realpath(base)]
        if self.manifest.get('prompt'):
            lines.append('prompt = ' + repr(self.manifest['prompt']))
        with open(os.path.join(self.path, 'pyvenv.cfg'), 'x', encoding='utf-8', errors='surrogateescape') as config:
            config.write('\n'.join(lines + (self.manifest.get('config') or [])) + '\n')

    def run(self, what, *arguments):
        done = subprocess.run([os.path.join(self.path, 'bin', 'python'), '-I', '-B', *arguments], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, errors='replace')
        if done.returncode != 0:
            last = done.stdout.strip().splitlines()[-10:]
            if what.startswith('import '):
                last = last[-1:]
            raise Failure('%s failed: %s' % (what, '; '.join(last)))
        return done.stdout.strip()

    def check(self, request):
        prefix = self.run('starting its Python', '-c', 'import sys; print(sys.prefix)')
        if os.path.realpath(prefix) != os.path.realpath(self.path):
            raise Failure('its Python takes itself to be in %s' % prefix)
        has_pip = self.run('looking for pip', '-c', 'import importlib.util as u; print(u.find_spec("pip") is not None)')
        if has_pip == 'True' and not request.get('no_check'):
            self.run('pip check', '-m', 'pip', '--disable-pip-version-check', 'check')
        for module in request.get('check') or []:
            self.run('import ' + module, '-c', 'import importlib, sys; importlib.import_module(sys.argv[1])', module)
        if request.get('compile'):
            library = os.path.join(self.path, 'lib')
            self.run('compiling', '-c', 'import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2, workers=0, ddir=sys.argv[2])',
                     library, os.path.join(self.manifest['path'], 'lib'))


def pieces_of(path):
    with open(path, 'rb') as file:
        yield from iter(lambda: file.read(1 << 20), b'')


def take(stream, size):
    while size:
        piece = stream.read(size)
        size -= len(piece)
        yield piece


def receive(home, name, final, request):
    """Takes an environment, and puts it in its place."""
    manifest = json.loads(zlib.decompress(read_exactly(hear()['manifest'])))
    wanted = {f['sha256']: {'size': f.get('size', 0)} for f in manifest['files'] if f.get('sha256')}
    found = find_content([d for d in [final] + home.kept(name) if os.path.isdir(d)], wanted)
    say(need=[digest for digest in wanted if digest not in found])
    stage, lock = home.new_stage()
    try:
        build = Build(os.path.join(stage, name), manifest)
        build.fill(found, Stream())
        build.lay()
        build.check(request)
        keep_site(final, build.path)
        flush(stage)
        name_lock = Lock(home.state('locks', name), wait=True)
        try:
            switch(home, name, build.path, final)
        finally:
            name_lock.release()
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        os.close(lock.fd)
    say(done=True, kept=len(home.kept(name)))


def keep_site(present, fresh):
    """Gives a new version the files of "den serve" that the present one has: they are
    about this machine."""
    site = os.path.join(present, 'serve')
    if os.path.isfile(os.path.join(site, 'den.json')) and not os.path.islink(site):
        shutil.rmtree(os.path.join(fresh, 'serve'), ignore_errors=True)
        shutil.copytree(site, os.path.join(fresh, 'serve'), symlinks=True)


def is_environment(path):
    return os.path.isdir(path) and os.path.lexists(os.path.join(path, 'bin', 'python')) and not os.path.islink(path)


def switch(home, name, fresh, final):
    if not os.path.lexists(final):
        os.rename(fresh, final)
        return
    if not is_environment(final):
        raise Failure('%s is there, and is not an environment' % final)
    exchange(fresh, final)
    home.keep(fresh, name)


def roll_back(home, name, final):
    """Puts the version before the present one in its place. To do so again goes on to
    the one before that."""
    name_lock = Lock(home.state('locks', name), wait=True)
    try:
        kept = home.kept(name)
        if not kept:
            raise Failure('there is no earlier version of %s' % final)
        if os.path.lexists(final):
            if not is_environment(final):
                raise Failure('%s is not an environment' % final)
            exchange(kept[0], final)
            home.keep(kept[0], name, oldest=True)
        else:
            os.rename(kept[0], final)
        flush(home.path)
    finally:
        name_lock.release()
    say(done=True, kept=len(home.kept(name)))


def main():
    request = hear()
    name = request['name']
    home = os.path.expanduser(request.get('home') or os.environ.get('WORKON_HOME') or '~/.virtualenvs')
    home = os.path.abspath(home)
    if '/' in name or name.startswith(('.', '-')) or not name:
        raise Failure('an environment cannot be called %r' % name)
    final = os.path.join(home, name)
    kind, version = libc()
    say(path=final, python=list(sys.version_info), implementation=sys.implementation.name,
        free_threaded=bool(sysconfig.get_config_var('Py_GIL_DISABLED')), executable=sys.executable,
        platform={'abi': sysconfig.get_config_var('SOABI') or '', 'system': platform.system().lower(),
                  'machine': platform.machine(), 'libc': kind, 'libc_version': version})
    if request.get('probe'):
        return
    home = Home(home)
    home.clear()
    if request.get('rollback'):
        roll_back(home, name, final)
    else:
        receive(home, name, final, request)


try:
    main()
except Failure as failure:
    say(error=str(failure))
    sys.exit(1)
except (OSError, ValueError, zlib.error) as error:
    say(error=str(error))
    sys.exit(1)
