

class DenDirectories:
    """Enters and leaves environments as the person changes the directory. After each
    command, the shell itself finds out whether den has anything to do."""

    def __init__(self, den):
        self.den = den
        self.mark = ""  # the first line of the list of projects
        self.links, self.stuck = [], False
        self.hold, self.asked, self.told = "", "", set()
        # What was entered in the shell that started this one, by itself, was not by hand.
        self.active = den.get("VIRTUAL_ENV") or "" if den.get("DEN_DIRECTORY") else ""

    def is_current(self, home):
        """Whether the list is this one. A file says so for as long as it is, which is
        newer than the home."""
        import os

        try:
            return os.stat(f"{home}/.den/linked-{self.mark}").st_mtime_ns >= os.stat(home).st_mtime_ns
        except OSError:
            return False

    def read(self, home):
        """Reads the list. Where den cannot write it anew, it is asked once."""
        import os

        for again in (False, True):
            try:
                with open(home + "/.den/linked", errors="surrogateescape") as f:
                    self.mark, *lines = f.read().split("\n")
                self.links = [line.partition("\t")[2] for line in lines if line]
            except OSError:
                self.mark, self.links = "", []
            if again or self.stuck or not os.path.isdir(home) or self.is_current(home):
                return
            self.stuck = self.den.ask(["here", "--list"]) != 0

    def asking(self, mode):
        """The nearest directory, from this one upwards, that asks for an environment, and
        what its .venv says if that is a file."""
        import os

        directory = self.den.get("PWD") or ""
        while directory.strip("/"):
            if directory in self.links:
                return directory, ""
            pin = directory + "/.venv"
            if mode == "on" and os.path.lexists(pin):
                try:
                    # The files of /proc, which a link may lead to, can have a reader wait.
                    # They are empty.
                    if os.path.isfile(pin) and os.path.getsize(pin):
                        with open(pin, errors="surrogateescape") as f:
                            return directory, f.read(4096)
                except OSError:
                    pass
                return directory, ""
            directory = directory.rpartition("/")[0]
        return "", ""

    def look(self):
        """Asks den, where the answer may be another one. A workon or deactivate by hand
        holds until the person goes elsewhere: hold has a colon and the directory that
        asked for an environment then."""
        get = self.den.get
        mode = get("DEN_AUTO") or "DEN_MODE"
        if mode not in ("linked", "on"):
            return
        home = get("WORKON_HOME") or DEN_HOME
        if not self.is_current(home):
            self.read(home)
        directory, pin = self.asking(mode)
        active = get("VIRTUAL_ENV") or ""
        if active != self.active:
            self.active = active
            self.hold = ":" + directory if active or directory else ""
            self.den.put("DEN_DIRECTORY", None)
        if self.hold in (":", ":" + directory):
            return
        self.hold = ""
        question = (mode, self.mark, directory, pin)
        if question == self.asked:
            return
        self.asked = question
        if not directory and not get("DEN_DIRECTORY"):
            return
        # den says why it does not enter what a directory asks for, once.
        key = (directory, pin)
        self.den.ask(["here", "--told"] if key in self.told else ["here"])
        self.told.add(key)
        self.active = get("VIRTUAL_ENV") or ""
        if get("DEN_DIRECTORY") == directory:
            self.told.discard(key)


def __den_auto(den):
    from xonsh.built_ins import XSH

    directories = DenDirectories(den)

    def look(**_):
        directories.look()

    # The prompt is drawn before on_pre_prompt.
    look.is_den = True
    for event in (XSH.builtins.events.on_post_init, XSH.builtins.events.on_postcommand):
        for other in [handler for handler in event if getattr(handler, "is_den", False)]:
            event.discard(other)
        event(look)


if __xonsh__.env.get("XONSH_INTERACTIVE"):
    __den_auto(__den)
del DenDirectories, __den_auto
