def __den_complete_with(program):
    """Has xonsh complete den and its words by asking the program."""
    import os
    import re
    import subprocess

    from xonsh.built_ins import XSH
    from xonsh.completers.completer import add_one_completer
    from xonsh.completers.tools import RichCompletion, contextual_command_completer

    names = "DEN_NAMES".split()

    @contextual_command_completer
    def complete(command):
        if not command.args or command.arg_index == 0 or command.args[0].value not in names:
            return None
        words = [arg.value for arg in command.args[: command.arg_index]]
        ask = [program, "complete", "xonsh", *words, command.prefix]
        try:
            told = subprocess.run(ask, env=XSH.env.detype(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        except OSError:
            return None
        lines = told.decode("utf-8", "surrogateescape").splitlines()
        header = lines[0].split("\t") if lines else []
        if len(header) != 5:
            return None
        found = set()
        for line in lines[1:]:
            value, _, description = line.partition("\t")
            if (header[0] + value).startswith(command.prefix):
                found.add(candidate(command, header[0] + value, description))
        if header[2] in ("files", "directories"):
            found |= paths(command, header)
        if header[2] == "command" and not found:
            return inner(command, int(header[4]))
        return (found, len(command.prefix)) if found else (set(), 0)

    def candidate(command, value, description=""):
        """The value as a word, in quotes where it needs them."""
        quoted = value
        if not command.opening_quote and not re.fullmatch(r"[\w/.,:@%+=~-]+", value):
            quoted = repr(value)
        return RichCompletion(quoted, description=description, append_space=not value.endswith("/"))

    def paths(command, header):
        """The files, or the directories, that begin so."""
        import fnmatch

        base, slash, start = command.prefix[len(header[0]) :].rpartition("/")
        found = set()
        try:
            entries = list(os.scandir(os.path.expanduser(base + slash) or "."))
        except OSError:
            return found
        for entry in entries:
            if not entry.name.startswith(start) or entry.name.startswith(".") and not start.startswith("."):
                continue
            path = header[0] + base + slash + entry.name
            patterns = header[4].split()
            if entry.is_dir():
                found.add(candidate(command, path + "/"))
            elif header[2] == "files" and (not patterns or any(fnmatch.fnmatch(entry.name, p) for p in patterns)):
                found.add(candidate(command, path))
        return found

    def inner(command, words):
        """Completes the command that is in the words from there on, as its own."""
        from xonsh.completer import Completer
        from xonsh.parsers.completion_context import CompletionContext

        start = len(command.args) - words
        if start < 1:
            return None
        own = command._replace(args=command.args[start:], arg_index=command.arg_index - start)
        return Completer().complete_from_context(CompletionContext(command=own))

    # Loading this twice registers once.
    XSH.completers.pop("den", None)
    add_one_completer("den", complete, "start")


__den_complete_with(DEN_PROGRAM)
del __den_complete_with
