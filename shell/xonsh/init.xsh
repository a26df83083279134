# den in xonsh: exec(__import__('subprocess').check_output(["den", "init", "xonsh"], env=${...}.detype()))

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

    def tell_gone(self):
        """Says once, before a prompt, that others have removed the active environment, or
        have given it another name."""
        import os
        import sys

        active = self.get("DEN_ACTIVE")
        gone = active if active and not os.path.exists(active) else None
        if gone and gone != self.notes.get("gone"):
            print(f"DEN_GONE {gone}\nDEN_LEAVE", file=sys.stderr)
        self.notes["gone"] = gone

    def watch_gone(self):
        """Has the shell look before each prompt. Loading this twice has it look once."""

        def look(**_):
            self.tell_gone()

        event = self.xsh.builtins.events.on_pre_prompt
        event.discard(self.notes.get("look"))
        self.notes["look"] = look
        event(look)

    def load(self):
        # Not that of a shell in which a hook has started this one.
        self.notes.pop("within", None)
        self.define("den", self.call)
        self.watch_gone()
        # DEN_FUNCTIONS


__den = DenWords(DEN_PROGRAM, "--shell xonsh --loaded DEN_LOADED ")
__den.load()
# DEN_RESUME
del DenShell, DenWords
