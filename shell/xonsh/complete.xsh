def __den_complete_with(program):
    """Has xonsh complete den and its words by asking the program."""
    import ast
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
        typed = text(command.prefix, command.opening_quote)
        words = [expanded(arg.value, arg.opening_quote) for arg in command.args[: command.arg_index]]
        ask = [program, "complete", "xonsh", *words, typed]
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
            if (header[0] + value).startswith(typed):
                found.add(candidate(command, header[0] + value, value, description))
        if header[2] in ("files", "directories"):
            found |= paths(command, typed[len(header[0]) :], header)
        if header[2] == "command" and not found:
            return inner(command, int(header[4]))
        return found, 0

    def is_raw(quote):
        return "r" in quote.lower()

    def text(value, quote):
        """What a word says, or its beginning, that stands behind a quote."""
        if not quote or is_raw(quote):
            return value
        try:
            return ast.literal_eval(quote + value + quote.lstrip("bBfFpPuU"))
        except (SyntaxError, ValueError):
            return value

    def expanded(value, quote):
        return value if is_raw(quote) else XSH.expand_path(text(value, quote))

    def word(value, opening, before):
        """The value as a word, in quotes where it needs them. xonsh expands $ and ~ in
        quotes too, but for raw ones: so in before, the beginning of the value."""
        added = value[len(before) :]
        if not opening and re.fullmatch(r"[\w/.,:@%+=$~-]*", before) and re.fullmatch(r"[\w/.,:@%+=-]*", added):
            return value
        quotes = "\"'" if opening.endswith('"') else "'\""
        fitting = [quote for quote in quotes if quote not in value and not value.endswith("\\")]
        if not re.search("[$~]", added):
            return fitting[0] + value + fitting[0] if fitting and "\\" not in value else repr(value)
        return "r" + fitting[0] + value + fitting[0] if fitting else f"@({value!r})"

    def candidate(command, value, shown, description="", before=""):
        return RichCompletion(
            word(value, command.opening_quote, before),
            prefix_len=len(command.raw_prefix),
            display=shown,
            description=description,
            append_closing_quote=False,
            append_space=not value.endswith("/"),
        )

    def paths(command, typed, header):
        """The files, or the directories, that begin as typed."""
        import fnmatch

        base, slash, start = typed.rpartition("/")
        directory = base + slash
        listed = directory if is_raw(command.opening_quote) else XSH.expand_path(directory)
        found = set()
        try:
            entries = list(os.scandir(listed or "."))
        except OSError:
            return found
        for entry in entries:
            if not entry.name.startswith(start) or entry.name.startswith(".") and not start.startswith("."):
                continue
            patterns = header[4].split()
            is_dir = entry.is_dir()
            if is_dir or header[2] == "files" and (not patterns or any(fnmatch.fnmatch(entry.name, p) for p in patterns)):
                name = entry.name + "/" * is_dir
                before = header[0] + (listed if re.search("[$~]", name) else directory)
                expands = listed != directory and before == header[0] + directory
                found.add(candidate(command, before + name, name, before=before if expands else ""))
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
