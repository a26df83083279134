package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// outcome is what came of the scenario, as a text that is the same wherever and
// whenever it is played: for each step its exit status and all that changed, and
// in the end the files.
func (p play) outcome(status int) (string, error) {
	hooks, err := p.hookLog()
	if err != nil {
		return "", err
	}
	before := snapshot{env: environment(p.environ()), dir: p.home(), prompt: "base> "}
	var b strings.Builder
	for i, step := range p.steps() {
		fmt.Fprintf(&b, "$ %s\n", step.command)
		now, err := p.snapshot(i)
		if errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(&b, "the shell ended, status %d\n", status)
			break
		}
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "status %s\n", now.status)
		if i > 0 || !p.inFish() {
			before.writeChanges(&b, now)
		}
		for _, line := range hooks[i] {
			fmt.Fprintf(&b, "hook %s\n", line)
		}
		if step.output {
			if err := p.writeOutput(&b, i); err != nil {
				return "", err
			}
		}
		before = now
	}
	b.WriteString("files\n")
	if err := p.writeFiles(&b); err != nil {
		return "", err
	}
	return p.anywhere(b.String()), nil
}

// anywhere replaces what differs from one play to the next.
func (p play) anywhere(text string) string {
	// bash knows the path of a file that it has sourced by its name, zsh does not.
	text = strings.NewReplacer(p.tools(p.tool)+"/virtualenvwrapper.sh", "virtualenvwrapper.sh", p.home(), "~", p.tools(p.tool), "TOOLS", p.dir, "TMP", p.python, "PYTHON").Replace(text)
	text = regexp.MustCompile(`tmp-[0-9a-zA-Z_-]{4,}`).ReplaceAllString(text, "tmp-NAME")
	return regexp.MustCompile(`\bpython3\.\d+\b`).ReplaceAllString(text, "python3.X")
}

// A snapshot is the state of the shell after a step.
type snapshot struct {
	status     string
	dir        string
	deactivate bool
	prompt     string
	stack      []string // the directory stack, below the working directory
	env        map[string]string
}

func (p play) snapshot(i int) (snapshot, error) {
	state, err := os.ReadFile(p.state(fmt.Sprintf("%d.state", i)))
	if err != nil {
		return snapshot{}, err
	}
	env, err := os.ReadFile(p.state(fmt.Sprintf("%d.env", i)))
	if err != nil {
		return snapshot{}, err
	}
	lines := strings.Split(strings.TrimSuffix(string(state), "\n"), "\n")
	if len(lines) < 4 {
		return snapshot{}, fmt.Errorf("the state after step %d is cut off: %q", i, state)
	}
	return snapshot{
		status: lines[0], dir: lines[1], deactivate: lines[2] != "", prompt: lines[3],
		stack: lines[min(5, len(lines)):],
		env:   environment(strings.Split(string(env), "\x00")),
	}, nil
}

// volatile variables change by themselves, or are a tool's own notes.
var volatile = regexp.MustCompile(`^(_|PWD|OLDPWD|SHLVL|DEN_.*|_OLD_VIRTUAL_.*|VIRTUALENVWRAPPER_PROJECT_CD|STATE|PKG_CONFIG_PATH|UV_PROJECT_ENVIRONMENT|LOGNAME|IFS)$`)

func environment(environ []string) map[string]string {
	env := make(map[string]string)
	for _, entry := range environ {
		if name, value, found := strings.Cut(entry, "="); found && !volatile.MatchString(name) {
			env[name] = value
		}
	}
	return env
}

// writeChanges writes what is different now.
func (m snapshot) writeChanges(b *strings.Builder, now snapshot) {
	if now.dir != m.dir {
		fmt.Fprintf(b, "in %s\n", now.dir)
	}
	if now.prompt != m.prompt {
		fmt.Fprintf(b, "prompt %q\n", now.prompt)
	}
	if now.deactivate != m.deactivate {
		fmt.Fprintf(b, "deactivate is there: %v\n", now.deactivate)
	}
	if !slices.Equal(now.stack, m.stack) {
		fmt.Fprintf(b, "directory stack %q\n", now.stack)
	}
	var names []string
	for name := range now.env {
		names = append(names, name)
	}
	for name := range m.env {
		if _, ok := now.env[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		old, was := m.env[name]
		switch value, is := now.env[name]; {
		case !is:
			fmt.Fprintf(b, "unset %s\n", name)
		case !was || value != old:
			fmt.Fprintf(b, "export %s=%q\n", name, value)
		}
	}
}

// writeOutput writes what the step printed.
func (p play) writeOutput(b *strings.Builder, i int) error {
	for _, stream := range []string{"out", "err"} {
		text, err := os.ReadFile(p.state(fmt.Sprintf("%d.%s", i, stream)))
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			fmt.Fprintf(b, "%s %s\n", stream, strings.TrimSuffix(line, "\n"))
		}
	}
	return nil
}

// hookLog returns the lines that the hooks have left, for each step.
func (p play) hookLog() ([][]string, error) {
	text, err := os.ReadFile(filepath.Join(p.home(), "log"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	log := make([][]string, len(p.steps())+1)
	i := 0
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "-- ") {
			i++
			continue
		}
		log[min(i, len(log)-1)] = append(log[min(i, len(log)-1)], line)
	}
	return log, nil
}

// writeFiles writes all files of the home, each with its mode; of environments
// only what virtualenvwrapper has to do with.
func (p play) writeFiles(b *strings.Builder) error {
	return filepath.WalkDir(p.home(), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == p.home() {
			return err
		}
		name, _ := filepath.Rel(p.home(), path)
		switch {
		case name == "log", strings.HasSuffix(name, ".fish"):
			return nil
		case entry.Name() == ".den", name == ".cache", name == ".config", name == ".local":
			return fs.SkipDir
		case entry.IsDir() && isEnvironment(path):
			fmt.Fprintf(b, "%s is an environment\n", name)
			if err := p.writeEnvironment(b, path); err != nil {
				return err
			}
			return fs.SkipDir
		}
		return p.writeFile(b, name, path)
	})
}

func isEnvironment(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "pyvenv.cfg"))
	return err == nil
}

// ofEnvironment are the files of an environment that count.
var ofEnvironment = []string{
	".project", "README.tmpenv",
	"bin/activate", "bin/preactivate", "bin/postactivate", "bin/predeactivate", "bin/postdeactivate", "bin/get_env_details", "bin/pip",
	"lib/python*/site-packages/_virtualenv_path_extensions.pth",
}

func (p play) writeEnvironment(b *strings.Builder, dir string) error {
	config, err := os.ReadFile(filepath.Join(dir, "pyvenv.cfg"))
	if err != nil {
		return err
	}
	if strings.Contains(string(config), "include-system-site-packages = true") {
		b.WriteString("  sees the system's packages\n")
	}
	for _, pattern := range ofEnvironment {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return err
		}
		for _, path := range paths {
			name, _ := filepath.Rel(dir, path)
			if err := p.writeFile(b, "  "+name, path); err != nil {
				return err
			}
		}
	}
	return nil
}

// told are the files whose text counts.
var told = []string{".project", "_virtualenv_path_extensions.pth"}

func (p play) writeFile(b *strings.Builder, name, path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		target, err := os.Readlink(path)
		fmt.Fprintf(b, "%s -> %s\n", name, target)
		return err
	}
	if !info.Mode().IsRegular() {
		fmt.Fprintf(b, "%s %s\n", name, info.Mode())
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	switch {
	case isTemplate(text) && !p.aboutTemplates():
	case isTemplate(text):
		first, _, _ := strings.Cut(string(text), "\n")
		fmt.Fprintf(b, "%s %s, a template: %s\n", name, info.Mode(), first)
	case slices.Contains(told, filepath.Base(path)):
		fmt.Fprintf(b, "%s %s %q\n", name, info.Mode(), text)
	default:
		fmt.Fprintf(b, "%s %s\n", name, info.Mode())
	}
	return nil
}

// isTemplate reports whether the file is a hook that nobody has filled in.
func isTemplate(text []byte) bool {
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") && strings.TrimSpace(line) != "" {
			return false
		}
	}
	return strings.HasPrefix(string(text), "#!")
}
