package shell

import (
	_ "embed"
	"strings"
)

// Kept is what a script that is kept in a file takes for granted.
type Kept struct {
	File      string // the file that it is kept in
	Config    string // the file of settings
	HasConfig bool   // whether that was there
	Home      string // the directory of the environments, unless a variable says otherwise
	HookDir   string // that of the hooks; "" where it is Home
	Before    string // code that is kept in front of it
}

// These precede, in the fingerprint of a script that is kept in a file, that of
// the other code in it.
const (
	keptMark    = "+" // in what Keep returned
	wrapperMark = "=" // in what Virtualenvwrapper returned
)

// mark is what the fingerprint of the script ends with.
func (k Kept) mark() string { return keptMark + fingerprint(k.Before, "", nil) }

// An Origin is where a shell has its functions from.
type Origin int

const (
	FromInit              Origin = iota // what den printed for that shell
	FromKept                            // what Keep returned
	FromVirtualenvwrapper               // what Virtualenvwrapper returned
)

// Loaded takes a fingerprint apart, as the functions of an init script hand it
// over: that of the functions, and where they came from.
func Loaded(loaded string) (functions string, from Origin) {
	if functions, _, found := strings.Cut(loaded, keptMark); found {
		return functions, FromKept
	}
	if functions, _, found := strings.Cut(loaded, wrapperMark); found {
		return functions, FromVirtualenvwrapper
	}
	return loaded, FromInit
}

// IsKept reports whether a kept script is one whose functions hand over that
// fingerprint.
func IsKept(script, loaded string) bool { return strings.Contains(script, "--loaded "+loaded+" ") }

//go:embed plainly.bash
var plainlyPosix string

//go:embed plainly.fish
var plainlyFish string

// resumeKept is what a kept script does at the end, in bash and zsh: it has den
// say what there is to do, if anything.
const resumeKept = `
function __den_resume {
    if ! __den_plainly; then __den resume; fi
}
__den_resume || \builtin :
\builtin unset -f __den_resume __den_plainly`

// resumeKept in fish.
const resumeKeptFish = `
__den_plainly
or __den resume
builtin functions -e __den_plainly
builtin true`

// keep is Keep for a shell of the family, with that text of an init script.
func (d posix) keep(script, program string, commands []string, k Kept) string {
	hooks := "$__den_home"
	if k.HookDir != "" {
		hooks = d.Quote(k.HookDir)
	}
	other := `[ "$__den_config" != ` + d.Quote(k.Config) + ` ] || [ -e ` + d.Quote(k.Config) + ` ]`
	if k.HasConfig {
		other = `[ "$__den_config" != ` + d.Quote(k.Config) + ` ] || [ ! -e "$__den_config" ] || [ "$__den_config" -nt ` + d.Quote(k.File) + ` ]`
	}
	plainly := d.plainly(other, d.Quote(k.Home), hooks, `\builtin :`)
	return k.Before + d.fillInit(script, program, commands, k.mark(), plainly+resumeKept)
}

// plainly is the function __den_plainly: otherSettings are commands that succeed
// where the settings are not those that are known, home and hooks are words, and
// then is what is done at last.
func (posix) plainly(otherSettings, home, hooks, then string) string {
	return strings.NewReplacer("DEN_OTHER_SETTINGS", otherSettings, "DEN_HOME", home, "DEN_HOOKS", hooks, "DEN_THEN", then).Replace(plainlyPosix)
}

func (d fish) plainly(k Kept) string {
	other := `builtin test "$config" != ` + d.Quote(k.Config) + ` -o -e ` + d.Quote(k.Config)
	if k.HasConfig {
		other = `test "$config" != ` + d.Quote(k.Config) + ` -o ! -e "$config" -o "$config" -nt ` + d.Quote(k.File)
	}
	return strings.NewReplacer("DEN_OTHER_SETTINGS", other, "DEN_HOME", d.Quote(k.Home), "DEN_HOOKS", d.Quote(k.HookDir)).Replace(plainlyFish)
}
