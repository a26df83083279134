# What den runs on the other side of "den push": it takes an environment from
# standard input, makes it aside, checks it, and puts it in its place. It needs
# Python 3.8 and nothing else, and keeps to what den does in the same directory
# (package env/store): a lock for each name, stages that others can tell are
# abandoned.
#
# Each side sends lines of JSON. The manifest (package env/pack) follows its line,
# compressed by zlib, and so do, at last, the missing files, one after the other.
import ctypes
import errno
import fcntl
import hashlib
import json
import os
import platform
import queue
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
import threading
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


def umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


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


class Hashes:
    """The hashes of the files of the present version, kept for the next push. One
    counts for a file with the same inode, size and times."""

    # A file that had just been changed when its hash was noted may have changed again
    # within one tick of its clock. The coarsest clocks have ticks of two seconds.
    SETTLED = 2 * 10**9

    def __init__(self, path):
        self.path, self.current = path, {}
        try:
            with open(path, encoding='ascii') as file:
                self.known = json.load(file)
        except (OSError, ValueError):
            self.known = {}

    def of(self, path, below, info):
        """The hash of a file, and its state before it was read."""
        state = state_from(info)
        known = self.known.get(below)
        if not known or known[1] != state:
            known = [hash_of(path), state]
        self.current[below] = known
        return known

    def save(self):
        if self.current == self.known:
            return
        os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
        fresh = self.path + '.new'
        with open(fresh, 'w', encoding='ascii') as file:
            now = os.fstat(file.fileno()).st_mtime_ns
            settled = {below: known for below, known in self.current.items() if max(known[1][2:]) < now - self.SETTLED}
            file.write(json.dumps(settled))
        os.rename(fresh, self.path)


def state_of(path):
    return state_from(os.lstat(path))


def state_from(info):
    return [info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns]


def entries(directory, below=''):
    """What is in an environment but bytecode: the paths below it, each with its
    os.DirEntry. Of directories, those with nothing in them that can be seen."""
    try:
        with os.scandir(directory) as found:
            found = [entry for entry in found if entry.name != '__pycache__']
    except OSError:
        return
    for entry in found:
        path = below + entry.name
        if not entry.is_dir(follow_symlinks=False):
            yield path, entry
            continue
        empty = True
        for item in entries(entry.path, path + '/'):
            yield item
            empty = False
        if empty:
            yield path, entry


def look(directory):
    """The entries of an environment. Each os.DirEntry keeps its state."""
    found = list(entries(directory))
    for _, entry in found:
        try:
            entry.stat(follow_symlinks=False)
        except OSError:
            pass  # describe asks again
    return found


def describe(found, hashes, sizes):
    """The files that look has found, by their paths, each as Build.describe has it. One
    of another size than these, or that cannot be read, is none of those."""
    described = {}
    for below, entry in found:
        try:
            info = entry.stat(follow_symlinks=False)
            if stat.S_ISLNK(info.st_mode):
                described[below] = os.readlink(entry.path)
            elif not stat.S_ISREG(info.st_mode):
                described[below] = (info.st_mode & 0o777, '')
            elif info.st_size in sizes:
                described[below] = (info.st_mode & 0o777, hashes.of(entry.path, below, info)[0])
            else:
                described[below] = None
        except OSError:
            described[below] = None
    return described


def find_content(final, hashes, kept, sizes):
    """Where files are on this machine already, by their hashes: the path, and the state
    of the file. The present version has been described; sizes are those of the wanted
    hashes."""
    found = {}
    for below, (digest, state) in hashes.current.items():
        if digest in sizes:
            found[digest] = (os.path.join(final, below), state)
    for directory in kept:
        missing = {size for digest, size in sizes.items() if digest not in found}
        for _, entry in entries(directory) if missing else ():
            try:
                if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_size in missing:
                    state, digest = state_of(entry.path), hash_of(entry.path)
                    if digest in sizes:
                        found.setdefault(digest, (entry.path, state))
            except OSError:
                pass  # it cannot be read, and is sent
    return found


def copy(source, state, target):
    """Copies a file that is to have the state, by the system: it can share the blocks."""
    with open(source, 'rb') as file, open(target, 'xb') as out:
        try:
            copy_range(file.fileno(), out.fileno(), state[1])
        except (AttributeError, OSError):
            file.seek(0)
            out.truncate(0)
            out.seek(0)
            shutil.copyfileobj(file, out, 1 << 20)
    if state_of(source) != state:
        raise Failure('%s has changed meanwhile' % source)


def copy_range(source, target, left):
    while left:
        copied = os.copy_file_range(source, target, left)
        if not copied:
            raise OSError(errno.EIO, 'nothing was copied')
        left -= copied


class Stream:
    """The missing files, as they come: streams of zlib, one after the other. A thread
    inflates them while the files are written."""

    def __init__(self):
        self.text, self.pieces = memoryview(b''), queue.Queue(32)
        threading.Thread(target=self.receive, daemon=True).start()

    def receive(self):
        try:
            for piece in inflated(sys.stdin.buffer):
                self.pieces.put(piece)
            self.pieces.put(Failure('the connection ended before all was here'))
        except (OSError, zlib.error) as error:
            self.pieces.put(error)

    def read(self, size):
        while not self.text:
            piece = self.pieces.get()
            if isinstance(piece, Exception):
                raise piece
            self.text = memoryview(piece)
        piece, self.text = self.text[:size], self.text[size:]
        return piece


def inflated(source):
    """The content of streams of zlib, piece by piece."""
    inflate = zlib.decompressobj()
    while True:
        piece = inflate.unconsumed_tail
        if inflate.eof:
            piece, inflate = inflate.unused_data, zlib.decompressobj()
        piece = piece or source.read1(1 << 18)
        if not piece:
            return
        yield inflate.decompress(piece, 1 << 20)


class Build:
    """An environment that is being made at a path aside."""

    def __init__(self, path, manifest):
        self.path, self.manifest = path, manifest
        self.made = {}  # as Hashes.current
        self.directories = set()

    def describe(self):
        """The files that the environment is to have, by their paths: the target of a
        link, or the mode and the hash of a file, which is '' for a directory."""
        config = (0o666 & ~umask(), hashlib.sha256(self.config()).hexdigest())
        described = dict(self.links(), **{'pyvenv.cfg': config})
        for file in self.manifest['files']:
            described[file['path']] = file.get('link') or (file['mode'] & 0o777, file.get('sha256', ''))
        return described

    def place(self, below):
        """The path of a file, in directories that are there."""
        parts = below.split('/')
        if below.startswith('/') or '..' in parts or '.' in parts or '' in parts:
            raise Failure('the file has an impossible name: %r' % below)
        path = os.path.join(self.path, below)
        directory = os.path.dirname(path)
        if directory not in self.directories:
            os.makedirs(directory, exist_ok=True)
            self.directories.add(directory)
        return path

    def write(self, file, pieces):
        path, digest = self.place(file['path']), hashlib.sha256()
        with open(path, 'xb') as out:
            for piece in pieces:
                digest.update(piece)
                out.write(piece)
        if digest.hexdigest() != file['sha256']:
            raise Failure('%s is not what was sent' % file['path'])
        return path

    def fill(self, found, stream):
        """Writes the files, from those that are found, or from the stream."""
        os.mkdir(self.path)
        links = []
        for file in self.manifest['files']:
            digest = file.get('sha256')
            if file.get('link'):
                links.append(file)
                continue
            path = self.place(file['path'])
            if not digest:
                os.mkdir(path)
            elif digest in found:
                copy(*found[digest], path)
            else:
                self.write(file, take(stream, file.get('size', 0)))
            os.chmod(path, file['mode'] & 0o777)
            if digest:
                self.made[file['path']] = [digest, state_of(path)]
                found.setdefault(digest, (path, self.made[file['path']][1]))
        for file in links:
            os.symlink(file['link'], self.place(file['path']))

    def links(self):
        """The links that belong to this machine, unless others were sent."""
        base, own = base_python(), os.path.basename(base_python())
        links = {'bin/' + name: own for name in ('python', 'python3', 'python%d.%d' % sys.version_info[:2])}
        links['bin/' + own] = base
        if sys.maxsize > 2 ** 32 and sys.platform != 'darwin':
            links['lib64'] = 'lib'
        return links

    def config(self):
        """The content of pyvenv.cfg."""
        base = base_python()
        system = 'true' if self.manifest.get('system_site_packages') else 'false'
        lines = ['home = ' + os.path.dirname(base), 'include-system-site-packages = ' + system,
                 'version = %d.%d.%d' % sys.version_info[:3], 'executable = ' + os.path.realpath(base)]
        if self.manifest.get('prompt'):
            lines.append('prompt = ' + repr(self.manifest['prompt']))
        return ('\n'.join(lines + (self.manifest.get('config') or [])) + '\n').encode('utf-8', 'surrogateescape')

    def lay(self):
        """Makes what belongs to this machine: the links to Python, pyvenv.cfg."""
        for below, target in self.links().items():
            link = self.place(below)
            if not os.path.lexists(link):
                os.symlink(target, link)
        with open(self.place('pyvenv.cfg'), 'xb') as config:
            config.write(self.config())

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
            raise Failure('its Python says that it is in %s' % prefix)
        if not request.get('no_check'):
            has_pip = self.run('looking for pip', '-c', 'import importlib.util as u; print(u.find_spec("pip") is not None)')
            if has_pip == 'True':
                self.run('pip check', '-m', 'pip', '--disable-pip-version-check', 'check')
        for module in request.get('check') or []:
            self.run('import ' + module, '-c', 'import importlib, sys; importlib.import_module(sys.argv[1])', module)
        if request.get('compile'):
            library = os.path.join(self.path, 'lib')
            self.run('compiling', '-c', 'import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2, workers=0, ddir=sys.argv[2])',
                     library, os.path.join(self.manifest['path'], 'lib'))


def take(stream, size):
    while size:
        piece = stream.read(size)
        size -= len(piece)
        yield piece


def receive(home, name, final, request):
    """Takes an environment, and puts it in its place."""
    # The other side prepares the manifest meanwhile.
    hashes, found = Hashes(home.state('pushed', name, 'hashes')), look(final)
    manifest = json.loads(zlib.decompress(read_exactly(hear()['manifest'])))
    sizes = {f['sha256']: f.get('size', 0) for f in manifest['files'] if f.get('sha256')}
    if is_present(Build(final, manifest), found, hashes, set(sizes.values())):
        Build(final, manifest).check(dict(request, no_check=True))
        hashes.save()
        say(done=True, unchanged=True, kept=len(home.kept(name)))
        return
    here = find_content(final, hashes, home.kept(name), sizes)
    say(need=[digest for digest in sizes if digest not in here])
    stage, lock = home.new_stage()
    try:
        build = Build(os.path.join(stage, name), manifest)
        build.fill(here, Stream())
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
    hashes.current = build.made
    hashes.save()
    say(done=True, kept=len(home.kept(name)))


def is_present(build, found, hashes, sizes):
    """Reports whether the environment is in its place already, but for the site."""
    wanted, present = build.describe(), describe(found, hashes, sizes | {len(build.config())})
    if has_site(build.path):
        wanted, present = without_site(wanted), without_site(present)
    return wanted == present


def without_site(described):
    return {below: file for below, file in described.items() if not below.startswith('serve/')}


def has_site(path):
    site = os.path.join(path, 'serve')
    return os.path.isfile(os.path.join(site, 'den.json')) and not os.path.islink(site)


def keep_site(present, fresh):
    """Gives a new version the files of "den serve" that the present one has: they are
    about this machine."""
    if has_site(present):
        shutil.rmtree(os.path.join(fresh, 'serve'), ignore_errors=True)
        shutil.copytree(os.path.join(present, 'serve'), os.path.join(fresh, 'serve'), symlinks=True)


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


status = 1
try:
    main()
    status = 0
except Failure as failure:
    say(error=str(failure))
except (OSError, ValueError, zlib.error) as error:
    say(error=str(error))
# Not sys.exit: a thread may still wait for standard input, and Python would not end.
os._exit(status)
