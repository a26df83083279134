package main

import "time"

// startUp are the person's start-up files.
var startUp = map[string]string{
	".bashrc": `PS1='\w $ '
eval "$(den init bash)"
`,
	".config/fish/config.fish": `function fish_greeting; end
function fish_prompt; echo -n (prompt_pwd)' > '; end
den init fish | source
`,
}

// environments are those that the person has already.
var environments = []struct{ name, project string }{
	{"api", "src/api"},
	{"data-science", ""},
	{"web", "src/web"},
	{"webhooks", "src/webhooks"},
}

// A scene is what a person types in a terminal.
type scene struct {
	name          string // of the picture
	program       []string
	width, height int
	steps         []step
	isPicture     bool // the end alone is shown
	isCrowded     bool // there are a thousand environments
}

// A step is something that the person types, and what they wait for.
type step struct {
	keys  string // as tmux names them, or text
	isKey bool
	until string // what the last line with something on it ends with
	pause time.Duration
}

const read = 1800 * time.Millisecond // the time that a person needs for a few lines

// line is a command, and the prompt that comes after it.
func line(command, prompt string) []step {
	return []step{{keys: command, pause: 300 * time.Millisecond}, {keys: "Enter", isKey: true, until: prompt, pause: read}}
}

func steps(parts ...[]step) (all []step) {
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

var bash, fish = []string{"bash", "-i"}, []string{"fish", "-i"}

var scenes = []scene{
	{name: "first.svg", program: bash, width: 80, height: 17, steps: steps(
		[]step{{until: "~ $"}},
		line("mkvenv shop -a src/shop", "[y/N]"),
		line("y", "(shop) ~/src/shop $"),
		line("python -c 'import sys; print(sys.prefix)'", "(shop) ~/src/shop $"),
		line("mkvenv scratch", "(scratch) ~/src/shop $"),
		line("workon web", "(web) ~/src/web $"),
		line("lsvenv", "(web) ~/src/web $"),
		line("rmvenv scratch", "(web) ~/src/web $"),
		line("den undo", "(web) ~/src/web $"),
		line("workon -i", "Esc leaves"),
		[]step{{keys: "sh", pause: read}, {keys: "Enter", isKey: true, until: "(shop) ~/src/shop $", pause: read}},
		line("deactivate", "~/src/shop $"),
	)},
	{name: "list.svg", program: bash, width: 80, height: 9, isPicture: true, steps: steps(
		[]step{{until: "~ $"}}, line("workon web", "(web) ~/src/web $"), line("clear", "(web) ~/src/web $"), line("den list", "(web) ~/src/web $"),
	)},
	{name: "tab.svg", program: fish, width: 80, height: 7, isPicture: true, steps: []step{
		{until: "~ >"}, {keys: "workon "}, {keys: "Tab", isKey: true, until: "src/webhooks)"},
	}},
	{name: "picker.svg", program: bash, width: 80, height: 12, isPicture: true, steps: steps(
		[]step{{until: "~ $"}}, line("workon -i", "Esc leaves"), []step{{keys: "we"}, {until: "Esc leaves"}},
	)},
	{name: "thousand.svg", program: bash, width: 80, height: 12, isCrowded: true, steps: steps(
		[]step{{until: "~ $"}},
		line("workon -i", "Esc leaves"),
		[]step{{keys: "bil", pause: read}, {keys: "73", until: "Esc leaves", pause: read}, {keys: "Enter", isKey: true, until: "(billing-73) ~ $", pause: read}},
	)},
}
