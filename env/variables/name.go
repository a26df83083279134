package variables

import (
	"fmt"
	"slices"
	"strings"
)

// A NameError says why a variable of that name is not set.
type NameError struct{ Name, Reason string }

func (e *NameError) Error() string { return fmt.Sprintf("%s cannot be set: %s", e.Name, e.Reason) }

// CheckName returns a *NameError for what is no name of a variable, and for the
// variables by which shells, loaders, Python and den itself are led elsewhere.
func CheckName(name string) error {
	if !isName(name) {
		return &NameError{fmt.Sprintf("%q", name), "a name has letters, digits and underscores, and does not begin with a digit"}
	}
	for _, r := range refusals {
		if slices.Contains(r.names, name) || slices.ContainsFunc(r.prefixes, func(p string) bool { return strings.HasPrefix(name, p) }) {
			return &NameError{name, r.reason}
		}
	}
	return nil
}

func isName(name string) bool {
	for i, c := range []byte(name) {
		isLetter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !isLetter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

// refusals are the names that are refused, by reason.
var refusals = []struct {
	reason          string
	names, prefixes []string
}{
	{
		reason: "den changes it: it puts one directory first, and takes that one away; a postactivate hook can change it too",
		names:  []string{"PATH"},
	},
	{
		reason:   "it has every program load other code",
		names:    []string{"GCONV_PATH"},
		prefixes: []string{"LD_", "DYLD_"},
	},
	{
		reason:   "Python would not be the environment's any more",
		names:    []string{"PYTHONHOME", "PYTHONEXECUTABLE", "PYTHONPLATLIBDIR", "__PYVENV_LAUNCHER__"},
		prefixes: nil,
	},
	{
		reason: "shells run the commands that it names, or read files by it",
		names: []string{"ENV", "ZDOTDIR", "PROMPT_COMMAND", "SHELLOPTS", "FPATH", "TMOUT", "fish_function_path", "fish_complete_path",
			"NU_LIB_DIRS", "NU_PLUGIN_DIRS", "PROMPT_COMMAND_RIGHT"},
		prefixes: []string{"BASH", "PROMPT_INDICATOR", "TRANSIENT_PROMPT"},
	},
	{
		reason: "shells read their own code by it",
		names:  []string{"IFS", "CDPATH", "GLOBIGNORE", "POSIXLY_CORRECT", "NULLCMD", "READNULLCMD", "FIGNORE", "HISTCHARS"},
	},
	{
		reason: "with some values, den could not leave the environment any more",
		names:  []string{"FUNCNEST", "MAILCHECK", "GOMEMLIMIT"},
	},
	{
		reason:   "den, or a tool like it, keeps its own notes there",
		names:    []string{"WORKON_HOME"},
		prefixes: []string{"DEN_", "VIRTUAL_ENV", "VIRTUALENVWRAPPER", "_OLD_VIRTUAL_", "__den", "_den_"},
	},
	{
		reason: "it is the shell's prompt",
		names: []string{"PS1", "PS2", "PS3", "PS4", "PROMPT", "PROMPT2", "PROMPT3", "PROMPT4", "RPROMPT", "RPROMPT2", "RPS1", "RPS2",
			"SPROMPT", "POSTEDIT", "prompt", "fish_prompt", "PROMPT_FIELDS"},
	},
	{
		reason: "it is the system's, or the shell sets it itself",
		names: []string{"HOME", "PWD", "OLDPWD", "SHELL", "SHLVL", "USER", "LOGNAME", "USERNAME", "UID", "EUID", "GID", "EGID", "PPID", "_",
			"RANDOM", "SRANDOM", "SECONDS", "LINENO", "EPOCHSECONDS", "EPOCHREALTIME", "HISTCMD", "OPTIND", "OPTARG", "REPLY", "MAPFILE",
			"DIRSTACK", "FUNCNAME", "GROUPS", "PIPESTATUS", "ARGC", "ERRNO", "TRY_BLOCK_ERROR", "TRY_BLOCK_INTERRUPT", "TTY", "TTYIDLE",
			"COPROC", "LINES", "COLUMNS", "KEYTIMEOUT", "export", "config", "ENV_CONVERSIONS", "FILE_PWD", "CURRENT_FILE",
			"aliases", "argv", "builtins", "cdpath", "commands", "cwd", "dirstack", "fignore", "fpath", "functions", "history", "home",
			"histchars", "hostname", "jobdirs", "jobstates", "jobtexts", "keymaps", "last_pid", "mailpath", "manpath", "module_path",
			"modules", "nameddirs", "options", "parameters", "path", "pipestatus", "psvar", "reswords", "signals", "status", "term",
			"umask", "user", "userdirs", "version", "watch", "widgets"},
		prefixes: []string{"COMP_", "fish_", "FISH_", "ZSH_"},
	},
}
