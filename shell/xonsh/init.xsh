# den in xonsh: exec(__import__('subprocess').check_output("den init xonsh".split(), env=${...}.detype()))

# DEN_PLAN


class DenWords(DenShell):
    """The words of the command line that den brings."""

    commands = "DEN_COMMANDS".split()

    def call(self, args, *streams):
        """Runs den, which acts on this shell where it is to."""
        acts = args and (args[0] in self.commands or args[0].startswith("-"))
        if acts:
            return self.ask(args, self.descriptors(*streams))
        return self.wait(self.start([self.program, *args], self.descriptors(*streams)))

    def word(self, name, command):
        self.define(name, lambda args, *streams: self.call([*command.split(), *args], *streams))

    def load(self):
        # Not that of a shell in which a hook has started this one.
        self.notes.pop("within", None)
        self.define("den", self.call)
        # DEN_FUNCTIONS


__den = DenWords(DEN_PROGRAM, "--shell xonsh --loaded DEN_LOADED ")
__den.load()
# DEN_RESUME
del DenShell, DenWords
