class DenShell:
    """Takes plans. A plan is data, a list of steps, each with its name first."""

    def __init__(self, program="", flags=""):
        from xonsh.built_ins import XSH

        self.xsh, self.env = XSH, XSH.env
        self.program, self.flags = program, flags.split()
        self.streams = (0, 1, 2)  # what the word in progress reads and writes
        # What is noted in this shell alone, by whichever script.
        self.notes = XSH.__dict__.setdefault("den_notes", {})

    # Running den.

    def start(self, argv, streams=(0, 1, 2), channel=None):
        """Starts a program and returns its number. What it writes to channel comes back."""
        import os
        import shutil
        import signal

        files = [(os.POSIX_SPAWN_DUP2, fd, n) for n, fd in enumerate(streams)]
        if channel is not None:
            files.append((os.POSIX_SPAWN_DUP2, channel, 3))
        ignored = [getattr(signal, "SIG" + name) for name in ("INT", "QUIT", "PIPE", "TSTP", "TTIN", "TTOU")]
        program = shutil.which(argv[0], path=self.env.detype().get("PATH")) or argv[0]
        return os.posix_spawn(program, argv, self.env.detype(), file_actions=files, setsigdef=ignored)

    def wait(self, pid):
        """Waits for the program, which gets what is typed to interrupt it too."""
        import os
        import signal

        while True:
            try:
                status = os.waitpid(pid, os.WUNTRACED)[1]
            except KeyboardInterrupt:
                continue
            if os.WIFSTOPPED(status):
                os.kill(pid, signal.SIGCONT)
            elif os.WIFSIGNALED(status):
                return 128 + os.WTERMSIG(status)
            else:
                return os.WEXITSTATUS(status)

    def read(self, fd):
        import os

        parts = []
        while True:
            try:
                part = os.read(fd, 65536)
            except KeyboardInterrupt:
                continue
            if not part:
                return b"".join(parts)
            parts.append(part)

    def ask(self, args, streams=None):
        """Runs den and takes the plan that comes back; returns the exit status."""
        outer, self.streams = self.streams, streams or self.streams
        try:
            return self.ask_with(self.streams, args)
        finally:
            self.streams = outer

    def ask_with(self, streams, args):
        import ast
        import os
        import sys

        note = self.notes.get
        notes = ["--last", note("last", ""), "--within", note("within", ""), "--put", note("put", "")]
        reader, writer = os.pipe()
        try:
            pid = self.start([self.program, *self.flags, *notes, *args], streams, writer)
        except OSError as e:
            os.close(reader)
            print(f"den: error: {self.program}: {e.strerror}", file=sys.stderr)
            return 127
        finally:
            os.close(writer)
        plan = self.read(reader)
        os.close(reader)
        status = self.wait(pid)
        if status == 0:
            try:
                status = self.take(ast.literal_eval(plan.decode()))
            except (ValueError, SyntaxError):
                print("den: error: this shell has not taken all that den had for it", file=sys.stderr)
                status = 1
        return status

    def take(self, plan):
        """Takes the steps, and returns the exit status of a den that one of them called."""
        unknown = [step[0] for step in plan if not hasattr(self, "do_" + step[0])]
        if unknown:
            import sys

            print(f"den: error: this shell does not know the step {unknown[0]}: exec xonsh", file=sys.stderr)
            return 1
        refused = self.refused(plan)
        if refused:
            import sys

            print(f"den: error: this shell does not let {refused} be changed (it does not take its value), and stays as it was", file=sys.stderr)
            print("den: hint: without a change of this shell: den run NAME COMMAND", file=sys.stderr)
            return 1
        within, status = self.notes.get("within", ""), 0
        try:
            for step in plan:
                status = getattr(self, "do_" + step[0])(*step[1:]) or status
        finally:
            self.notes["within"] = within
        return status

    def refused(self, plan):
        """The first variable that would not hold its text, as xonsh has types for some."""
        for kind, *rest in plan:
            refused = None
            if kind == "if":
                refused = self.refused(rest[2])
            elif kind == "set" and not self.holds(*rest):
                refused = rest[0]
            if refused:
                return refused

    def holds(self, name, text):
        if name.endswith("PATH") or name == "LANG" or name.startswith("LC_"):
            return True
        try:
            if self.env.get_validator(name)(text):
                return True
            value = self.env.get_converter(name)(text)
            return self.env.get_detyper(name)(value) == text
        except Exception:
            return False

    # Variables, as text.

    def get(self, name):
        return self.env.detype().get(name)

    def put(self, name, text):
        if text is not None:
            self.env[name] = self.path(text.split(":")) if name.endswith("PATH") else text
        else:
            try:
                del self.env[name]
            except KeyError:
                pass

    def do_set(self, name, text):
        self.put(name, text)

    def do_unset(self, name):
        self.put(name, None)

    def do_save(self, name):
        self.put("DEN_SAVED_" + name, self.get(name))

    def do_settle(self, name, ours):
        now = self.get(name)
        self.put("DEN_ACTIVE_" + name, None if now == ours else now)

    def do_restore(self, name, ours):
        now = self.get(name)
        if now == ours or now is not None and now == self.get("DEN_ACTIVE_" + name):
            self.put(name, self.get("DEN_SAVED_" + name))
        self.put("DEN_SAVED_" + name, None)
        self.put("DEN_ACTIVE_" + name, None)

    # PATH.

    def entries(self, name="PATH"):
        path = self.get(name)
        return path.split(":") if path else []

    def path(self, entries):
        """A list of directories as xonsh has it, which expands none of these."""
        from xonsh.tools import EnvPath

        class Path(EnvPath):
            def __getitem__(self, i):
                entry = self._l[i]
                return entry if isinstance(entry, str) and entry in entries else super().__getitem__(i)

        special = any("$" in entry or "~" in entry for entry in entries)
        return Path(list(entries)) if special else EnvPath(entries)

    def put_entries(self, entries):
        self.env["PATH"] = self.path(entries)

    def others(self, directory):
        """The entries of PATH without the first that is directory."""
        entries = self.entries()
        if directory in entries:
            entries.remove(directory)
        return entries

    def do_path_prepend(self, directory):
        self.put_entries([directory, *self.entries()])

    def do_path_remove(self, directory):
        self.put_entries(self.others(directory))

    def do_path_settle(self, directory):
        before, now = self.notes.get("path"), self.entries()
        changed = before is not None and now != [directory, *before]
        self.put("DEN_ACTIVE_PATH", ":".join(now) if changed else None)
        self.put("DEN_SAVED_PATH", ":".join(before) if changed else None)

    def is_path_entered(self):
        entered = self.get("DEN_ACTIVE_PATH")
        return entered is not None and entered == self.get("PATH")

    def do_path_restore(self, directory):
        self.put_entries(self.entries("DEN_SAVED_PATH") if self.is_path_entered() else self.others(directory))
        self.put("DEN_ACTIVE_PATH", None)
        self.put("DEN_SAVED_PATH", None)
        self.notes.pop("path", None)

    def do_path_resume(self, directory):
        if self.is_path_entered():
            self.notes["path"] = self.entries("DEN_SAVED_PATH")
        else:
            self.notes["path"] = self.others(directory)
            self.put_entries([directory, *self.notes["path"]])

    def do_keep(self, directory):
        self.notes["path"] = self.others(directory)
        self.notes["prompt"] = self.prompt()

    # The prompt. xonsh's own shows env_name, so that is what den changes; a prompt
    # without it gets it in front.

    def prompt(self):
        return self.env["PROMPT"] if "PROMPT" in self.env else None

    def set_prompt(self, prompt):
        if prompt is self.env.get_default("PROMPT"):
            self.put("PROMPT", None)
        else:
            self.env["PROMPT"] = prompt

    def do_prompt(self):
        if self.env.get("VIRTUAL_ENV_DISABLE_PROMPT"):
            return
        env, fields = self.env, self.env["PROMPT_FIELDS"]
        theirs = fields.get("env_name", "")
        if not hasattr(theirs, "den_wrapped"):

            def env_name():
                text = env.get("DEN_ACTIVE_PROMPT")
                if text:
                    return text.replace("{", "{{").replace("}", "}}")
                return theirs() if callable(theirs) else theirs

            env_name.den_wrapped = theirs
            fields["env_name"] = env_name
        prompt = self.prompt()
        if callable(prompt) and not hasattr(prompt, "den_wrapped"):

            def shown():
                template = prompt()
                return template if "{env_name" in template else "{env_name}" + template

            shown.den_wrapped = prompt
            env["PROMPT"] = shown
        elif isinstance(prompt, str) and "{env_name" not in prompt:
            env["PROMPT"] = "{env_name}" + prompt
            self.notes["in_front"] = True

    def do_prompt_remove(self):
        env, prompt = self.env, self.prompt()
        if "hooks_prompt" in self.notes and self.notes["hooks_prompt"] is prompt and "prompt" in self.notes:
            self.set_prompt(self.notes["prompt"])
        elif hasattr(prompt, "den_wrapped"):
            self.set_prompt(prompt.den_wrapped)
        elif self.notes.get("in_front") and isinstance(prompt, str):
            self.set_prompt(prompt.replace("{env_name}", "", 1))
        name = env["PROMPT_FIELDS"].get("env_name")
        if hasattr(name, "den_wrapped"):
            env["PROMPT_FIELDS"]["env_name"] = name.den_wrapped
        for noted in ("in_front", "hooks_prompt", "prompt", "entered_prompt"):
            self.notes.pop(noted, None)

    def do_prompt_settle(self):
        prompt = self.prompt()
        shows_env = hasattr(prompt, "den_wrapped") or isinstance(prompt, str) and prompt.startswith("{env_name}")
        if not shows_env:
            self.notes["hooks_prompt"] = prompt

    # The rest.

    def do_note(self, name, text):
        self.notes[name] = text

    def do_source(self, file):
        with open(file, encoding="utf-8", errors="surrogateescape") as f:
            code = f.read()
        try:
            self.xsh.builtins.execx(code + "\n", "exec", self.xsh.ctx, filename=file)
        except Exception:
            from xonsh.tools import print_exception

            print_exception()

    def do_cross(self, files):
        self.ask(["cross", "--carried", self.notes.get("carried", ""), "--", *files])

    def do_if(self, name, text, then):
        if (self.get(name) or "") == text:
            return self.take(then)

    def do_run(self, directory, argv):
        try:
            self.wait(self.start(["/bin/sh", "-c", 'cd -- "$1" && shift && exec "$@"', "sh", directory, *argv], self.streams))
        except OSError:
            pass

    def do_cd(self, directory):
        if self.env.get("PWD") != directory:
            from xonsh.dirstack import cd

            message = cd([directory])[1]
            if message:
                import sys

                print("den:", message.strip(), file=sys.stderr)

    def do_again(self, args):
        return self.ask(args)

    def do_define_deactivate(self):
        self.define("deactivate", lambda *streams: self.ask(["deactivate", *streams[0]], self.descriptors(*streams[1:])))

    def do_remove_deactivate(self):
        self.xsh.aliases.pop("deactivate", None)

    pydoc = ["python", "-m", "pydoc"]

    def do_define_pydoc(self):
        if "pydoc" not in self.xsh.aliases:
            self.xsh.aliases["pydoc"] = self.pydoc
            self.notes["pydoc"] = "defined"

    def do_remove_pydoc(self):
        if self.notes.pop("pydoc", None) and self.xsh.aliases.get("pydoc") == self.pydoc:
            del self.xsh.aliases["pydoc"]

    # A variable that is set in some directories alone.

    def do_watch(self, dirs, stop, name, text):
        self.notes["watch"] = (dirs, stop, name, text)
        if not self.notes.get("watches"):
            self.notes["watches"] = True

            def moved(olddir=None, newdir=None, **_):
                self.look()

            self.xsh.builtins.events.on_chdir(moved)
        self.look()

    def look(self):
        """Sets the variable or puts it back, by where the shell is."""
        import os

        if "watch" not in self.notes:
            return
        dirs, stop, name, text = self.notes["watch"]
        directory = self.get("PWD") if self.get("DEN_PROJECT") else ""
        while directory and directory not in dirs:
            stops = stop and os.path.exists(directory + "/" + stop)
            directory = "" if stops else directory.rpartition("/")[0]
        is_set = self.get("DEN_ACTIVE_" + name) is not None
        if directory and not is_set:
            self.do_save(name)
            self.put(name, text)
            self.put("DEN_ACTIVE_" + name, text)
        elif is_set and not directory:
            self.do_restore(name, text)

    def do_unwatch(self, name, text):
        self.notes.pop("watch", None)
        if self.get("DEN_ACTIVE_" + name) is not None:
            self.do_restore(name, text)

    # The words.

    def define(self, name, run):
        """Makes a word. It runs in this thread, for what it changes is the shell."""
        import os

        from xonsh.procs.proxies import ProcProxyThread
        from xonsh.tools import unthreadable

        def word(args, stdin=None, stdout=None, stderr=None, spec=None, stack=None):
            return run(args, stdin, stdout, stderr, spec)

        def pipe():
            reader, writer = os.pipe()
            return open(reader), open(writer, "w")

        def start(spec=None, **_):
            # Of a pipeline, xonsh starts only what has a thread of its own, and ends
            # only what it reads from.
            if spec.pipeline_index or not spec.last_in_pipeline:
                spec.cls, spec.threadable = ProcProxyThread, True
                if spec.last_in_pipeline and spec.stdout is None:
                    spec.captured_stdout, spec.stdout = pipe()
                if spec.last_in_pipeline and spec.stderr is None:
                    spec.captured_stderr, spec.stderr = pipe()

        word.__name__ = "den_word"
        if not self.notes.get("starts"):
            self.notes["starts"] = True
            self.xsh.builtins.events.on_pre_spec_run_den_word(start)
        self.xsh.aliases[name] = unthreadable(word)

    def descriptors(self, stdin, stdout, stderr, spec):
        """The files that a word reads and writes."""
        import subprocess

        def number(stream, otherwise):
            try:
                return stream if isinstance(stream, int) else stream.fileno()
            except (AttributeError, OSError, ValueError):
                return otherwise

        out = number(getattr(spec, "stdout", None) or stdout, 1)
        err = number(getattr(spec, "stderr", None) or stderr, 2)
        return number(getattr(spec, "stdin", None) or stdin, 0), out, out if err == subprocess.STDOUT else err
