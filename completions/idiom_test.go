package completions_test

import (
	"bytes"
	"cmp"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

// An idiom is how a session says things in one shell.
type idiom struct {
	program string // where it is not the shell's name
	args    []string
	rc      string // the start-up file, below the home
	load    string // loads den
	record  string // defines NAME anew, so that it tells
	prompt  string
	// reads is what the shell writes when it is about to read a line, behind the prompt.
	// Some forget what was typed before.
	reads string
	// isLate is set where a shell completes while it reads on: what is typed before it has
	// done so counts without.
	isLate bool
}

var idioms = map[string]idiom{
	"bash": {
		args: []string{"--noprofile", "--rcfile", ".bashrc", "-i"}, rc: ".bashrc",
		load: `eval "$(den init bash)"`, record: `function NAME { tell NAME "$@"; }`,
		prompt: "bind 'set bell-style none' 'set show-all-if-ambiguous on' 'set enable-bracketed-paste off'; PS1='" + prompt + "'",
	},
	"zsh": {
		args: []string{"-i"}, rc: ".zshrc",
		load: `eval "$(den init zsh)"`, record: `function NAME { tell NAME "$@"; }`,
		prompt: "unsetopt prompt_sp; PS1='" + prompt + "'",
	},
	"fish": {
		args: []string{"-i"}, rc: ".config/fish/config.fish",
		load: "den init fish | source", record: "function NAME; tell NAME $argv; end",
		prompt: "function fish_prompt; printf '" + prompt + "'; end; set -g fish_greeting; set -g fish_autosuggestion_enabled 0",
	},
	"elvish": {
		rc:   ".config/elvish/rc.elv",
		load: "eval &ns=(ns [&]) (den init elvish | slurp)", record: "edit:add-var NAME~ {|@words| tell NAME $@words }",
		prompt: "set edit:rprompt = { }; set edit:prompt = { print '" + prompt + "' }; " +
			"set edit:completion:binding[Enter] = { edit:listing:accept; edit:smart-enter }", // a line that is entered once is enough
		reads: "\x1b[?2004h",
	},
	"xonsh": {
		args: []string{"-i"}, rc: ".xonshrc",
		load:   "exec(__import__('subprocess').check_output('den init xonsh'.split(), env=${...}.detype()))",
		record: "aliases['NAME'] = lambda words: __import__('subprocess').call(['tell', 'NAME', *words], env=${...}.detype())",
		prompt: "$PROMPT = '" + prompt + "'; $COMPLETIONS_CONFIRM = False; $AUTO_SUGGEST = False; $XONSH_HISTORY_BACKEND = 'dummy'",
		reads:  "\x1b[?2004h", isLate: true,
	},
	// A word is an alias in nushell, and den is what tells.
	"nushell": {
		program: "nu", args: []string{"-i"}, rc: ".config/nushell/config.nu",
		load:   "use init.nu *",
		prompt: "$env.PROMPT_COMMAND = {|| '" + prompt + "' }\n$env.PROMPT_INDICATOR = ''\n$env.PROMPT_COMMAND_RIGHT = ''\n$env.config.show_banner = false",
		reads:  "\x1b[?2004h",
	},
}

// load is the line that loads den. nushell loads it from a file.
func (s *session) load() string {
	if s.shell == "nushell" {
		s.file(".config/nushell/init.nu", s.module(), 0o666)
	}
	return s.idiom.load
}

// nushellDen begins the command den in the module for nushell.
const nushellDen = "export def --env --wrapped den [...args: string] {\n"

// nushellAlias is a word in that module, and what it stands for.
var nushellAlias = regexp.MustCompile(`(?m)^export alias (\S+) = (.*)$`)

// module is den's for nushell, in which the command den tells.
func (s *session) module() string {
	s.Helper()
	init := exec.Command(s.den, "init", "nushell")
	init.Env = s.cmd.Env
	code, err := init.Output()
	if err != nil {
		s.Fatal(err)
	}
	if !strings.Contains(string(code), nushellDen) {
		s.Fatalf("there is no %q in the module", nushellDen)
	}
	s.aliases = map[string][]string{}
	for _, alias := range nushellAlias.FindAllStringSubmatch(string(code), -1) {
		s.aliases[alias[1]] = strings.Fields(alias[2])
	}
	return strings.Replace(string(code), nushellDen, nushellDen+"^tell den ...$args\nreturn\n", 1)
}

// told are the words that a command tells.
func (s *session) told(command []string) []string {
	if alias, ok := s.aliases[command[0]]; ok {
		return slices.Concat(alias, command[1:])
	}
	return command
}

// recorders define the functions anew.
func (s *session) recorders() []string {
	var code []string
	if s.idiom.record != "" {
		for _, name := range recorded {
			code = append(code, strings.ReplaceAll(s.idiom.record, "NAME", name))
		}
	}
	return code
}

// reads reports whether the shell is about to read a line.
func (s *session) reads() bool { return s.readsAfter(s.seen.Bytes()) }

func (s *session) readsAfter(output []byte) bool {
	return s.screen.Line() == strings.TrimRight(prompt, " ") && bytes.Contains(output, []byte(cmp.Or(s.idiom.reads, prompt)))
}

// typeKeys presses keys. Each Tab among them has to complete something.
func (s *session) typeKeys(keys string) {
	s.Helper()
	if !s.idiom.isLate {
		s.press(keys)
		return
	}
	for part := range strings.SplitAfterSeq(keys, tab) {
		text, completes := strings.CutSuffix(part, tab)
		s.press(text)
		s.wait("the echo of "+text, func() bool { return strings.HasSuffix(s.screen.Line(), strings.TrimRight(text, " ")) })
		if before := s.screen.Line(); completes {
			s.press(tab)
			s.wait("what "+text+" becomes", func() bool { return s.screen.Line() != before })
		}
	}
}
