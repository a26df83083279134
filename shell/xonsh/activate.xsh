# Source this file, from xonsh, to enter the environment:
#     source bin/activate.xsh
# The word deactivate leaves it again.

# DEN_PLAN


class DenEnvironment(DenShell):
    def enter(self):
        # A shell that was started in the environment, or is in it, stays in it.
        if self.get("DEN_ACTIVE") == DEN_PATH and self.get("VIRTUAL_ENV") == DEN_PATH:
            self.take(
                # resume
            )
        else:
            if (self.get("VIRTUAL_ENV") or self.notes.get("put")) and "deactivate" in self.xsh.aliases:
                self.xsh.builtins.execx("deactivate\n", "exec", self.xsh.ctx, filename="activate.xsh")
            self.take(
                # enter
            )
        if "deactivate" not in self.xsh.aliases:
            self.define("deactivate", self.leave)

    def leave(self, *_):
        status = self.take(
            # leave
        )
        self.do_remove_deactivate()
        return status


DenEnvironment().enter()
del DenShell, DenEnvironment
