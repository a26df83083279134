package cmd

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// alone are the commands that are called most and know of no other command.
// Where one of them is called, the others are not made: to make them all takes
// as long as most of these do.
var alone = []struct {
	name    string
	command func(*app) *cobra.Command
}{
	{"workon", (*app).workonCommand},
	{"deactivate", (*app).deactivateCommand},
	{"cd", (*app).cdCommand},
	{"resume", (*app).resumeCommand},
	{"guard", (*app).guardCommand},
	{"preview", (*app).previewCommand},
	{"cross", (*app).crossCommand},
	{"environ", (*app).environCommand},
	{"path", (*app).pathCommand},
	{"run", (*app).runCommand},
	{"list", (*app).listCommand},
	{"show", (*app).showCommand},
	{"mk", (*app).mkCommand},
	{"cp", (*app).cpCommand},
	{"mv", (*app).mvCommand},
	{"rm", (*app).rmCommand},
	{"tmp", (*app).tmpCommand},
	{"sweep", (*app).sweepCommand},
	{"compile", (*app).compileCommand},
	{"rmvirtualenv", (*app).rmvirtualenvCommand},
	{"lsvirtualenv", (*app).lsvirtualenvCommand},
	{"run-hook", (*app).runHookCommand},
}

// addCalled adds to the root the command that the arguments call, where it is
// one that can do alone, and else all.
func (a *app) addCalled(root *cobra.Command, args []string) {
	name := firstWord(root.PersistentFlags(), args)
	for _, c := range alone {
		if c.name == name {
			root.AddCommand(c.command(a))
			return
		}
	}
	a.addAll(root)
}

// firstWord returns the first argument that is neither a flag nor the value of
// one; "" where a flag is not one of those given.
func firstWord(flags *pflag.FlagSet, args []string) string {
	for i := 0; i < len(args); i++ {
		if !strings.HasPrefix(args[i], "-") {
			return args[i]
		}
		name, isLong := strings.CutPrefix(args[i], "--")
		name, _, inline := strings.Cut(name, "=")
		flag := flags.Lookup(name)
		if !isLong || flag == nil {
			return ""
		}
		if !inline && flag.NoOptDefVal == "" {
			i++
		}
	}
	return ""
}
