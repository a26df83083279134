package completions

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/spf13/cobra"

	"den/shell"
	"den/shell/shells"
)

// formOf is the form in which a shell asks; none where den does not know it.
func formOf(name string) shell.CompletionForm {
	s, err := shells.ByName(name)
	if err != nil {
		return 0
	}
	return s.Completion.Form
}

// program is a tree of commands like den's, but that nothing in it does anything.
func program() *cobra.Command {
	run := func(*cobra.Command, []string) {}
	root := &cobra.Command{Use: "prog", Run: run, Args: cobra.ArbitraryArgs, Version: "1",
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true}}
	root.PersistentFlags().String("home", "", "the `directory` of all")
	root.PersistentFlags().String("internal", "", "")
	root.PersistentFlags().Lookup("internal").Hidden = true

	enter := &cobra.Command{Use: "enter [NAME|.|-]", Aliases: []string{"go"}, Short: "Go in", Run: run}
	enter.Flags().BoolP("cd", "c", false, "change")
	make := &cobra.Command{Use: "make NAME", Short: "Make one", Run: run}
	make.Flags().StringP("python", "p", "", "the `version`")
	make.Flags().StringArrayP("require", "r", nil, "a `file`")
	make.Flags().String("note", "", "a text")
	make.Flags().BoolP("force", "f", false, "whatever is there")
	make.Flags().Bool("old", false, "")
	make.Flags().Lookup("old").Deprecated = "it is old"
	remove := &cobra.Command{Use: "remove NAME...", Short: "Remove some", Run: run}
	become := &cobra.Command{Use: "become NAME COMMAND [ARGUMENT...]", Short: "Become", Run: run}
	become.Flags().SetInterspersed(false)
	send := &cobra.Command{Use: "send NAME HOST...", Short: "Send there", Run: run}
	send.Flags().StringArray("note", nil, "a `text`")
	print := &cobra.Command{Use: "print sh|csh", Short: "Print", Run: run}
	secret := &cobra.Command{Use: "secret NAME", Hidden: true, Run: run}
	remote := &cobra.Command{Use: "remote", Short: "Others"}
	remote.PersistentFlags().String("url", "", "")
	remote.AddCommand(&cobra.Command{Use: "add URL", Short: "Add one", Run: run}, &cobra.Command{Use: "drop NAME", Short: "Drop one", Run: run})
	root.AddCommand(enter, make, remove, become, send, print, secret, remote)
	root.InitDefaultHelpCmd()
	return root
}

func offer(what string, texts ...string) Predictor {
	return func(Place) Offer {
		o := Offer{What: what}
		for _, text := range texts {
			o.Candidates = append(o.Candidates, Candidate{Text: text})
		}
		return o
	}
}

var predictors = Predictors{
	"NAME":      offer("environment", "web", "api", "my env"),
	"make NAME": offer("name"),
	"COMMAND": func(p Place) Offer {
		return Offer{What: "program", Candidates: []Candidate{{Text: p.Given[0] + "-run"}}}
	},
	"ARGUMENT":         func(Place) Offer { return Offer{What: "file", Paths: AnyFile} },
	"command":          offer("command", "make"),
	"version":          offer("version", "3.12", "3.13"),
	"file":             func(Place) Offer { return Offer{What: "file", Paths: AnyFile} },
	"directory":        func(Place) Offer { return Offer{What: "directory", Paths: Directories} },
	"send --note":      offer("text", "short", "long"),
	"HOST":             offer("host", "web", "my env"),
	"--url":            offer("address", "https://a", "https://b"),
	"remote drop NAME": offer("remote", "origin"),
}

func TestComplete(t *testing.T) {
	commands := []string{"become", "enter", "help", "make", "print", "remote", "remove", "send"}
	names := []string{"web", "api", "my env"}
	makeFlags := []string{"--force", "--help", "--home", "--note", "--python", "--require", "-f", "-h", "-p", "-r"}
	for _, row := range []struct {
		words  string // separated by bars
		prefix string
		what   string
		want   []string
		paths  Paths
	}{
		{words: "", what: "command", want: commands},
		{words: "ma", what: "command", want: commands},
		{words: "--", what: "option", want: []string{"--help", "--home", "--version", "-h", "-v"}},
		{words: "--home|", what: "directory", paths: Directories},
		{words: "--home=x", prefix: "--home=", what: "directory", paths: Directories},
		{words: "--home|make|", what: "command", want: commands},
		{words: "--home|make|make|-", what: "option", want: slices.DeleteFunc(slices.Clone(makeFlags), func(f string) bool { return f == "--home" })},
		{words: "nosuch|"},
		{words: "nosuch|make|"},

		{words: "enter|", what: "environment", want: names},
		{words: "go|", what: "environment", want: names},
		{words: "enter|web|"},
		{words: "enter|-", what: "option", want: []string{"--cd", "--help", "--home", "-c", "-h"}},
		{words: "enter|--cd|-", what: "option", want: []string{"--help", "--home", "-h"}},
		{words: "enter|-c|", what: "environment", want: names},
		{words: "enter|--cd=x"},
		{words: "enter|--cd=x|"},
		{words: "enter|--nosuch|"},

		{words: "remove|", what: "environment", want: names},
		{words: "remove|my env|", what: "environment", want: []string{"web", "api"}},
		{words: "remove|my env|web|api|", what: "environment"},
		{words: "remove|--|-", what: "environment", want: names},

		{words: "make|", what: "name"},
		{words: "make|-", what: "option", want: makeFlags},
		{words: "make|-p|", what: "version", want: []string{"3.12", "3.13"}},
		{words: "make|--python|3", what: "version", want: []string{"3.12", "3.13"}},
		{words: "make|--python=3", prefix: "--python=", what: "version", want: []string{"3.12", "3.13"}},
		{words: "make|-p3", prefix: "-p", what: "version", want: []string{"3.12", "3.13"}},
		{words: "make|-p=3", prefix: "-p=", what: "version", want: []string{"3.12", "3.13"}},
		{words: "make|-fp3", prefix: "-fp", what: "version", want: []string{"3.12", "3.13"}},
		{words: "make|-fp|", what: "version", want: []string{"3.12", "3.13"}},
		{words: "make|-p|3|-", what: "option", want: slices.DeleteFunc(slices.Clone(makeFlags), func(f string) bool { return f == "--python" || f == "-p" })},
		{words: "make|-r|a|-", what: "option", want: makeFlags},
		{words: "make|-r|", what: "file", paths: AnyFile},
		{words: "make|--note|"},
		{words: "make|--note|-"},
		{words: "make|-xp3"},

		{words: "become|", what: "environment", want: names},
		{words: "become|web|", what: "program", want: []string{"web-run"}},
		{words: "become|web|-", what: "program", want: []string{"web-run"}},
		{words: "become|web|x|", what: "file", paths: AnyFile},
		{words: "become|web|x|--home|", what: "file", paths: AnyFile},
		{words: "become|web|x|--home=", what: "file", paths: AnyFile},
		{words: "become|--home|x|web|", what: "program", want: []string{"web-run"}},

		{words: "send|my env|", what: "host", want: []string{"web", "my env"}},
		{words: "send|my env|web|", what: "host", want: []string{"my env"}},
		{words: "send|--note|short|--note|", what: "text", want: []string{"long"}},
		{words: "print|", what: "choice", want: []string{"sh", "csh"}},
		{words: "help|", what: "command", want: []string{"make"}},
		{words: "secret|"},
		{words: "secret|-"},

		{words: "remote|", what: "command", want: []string{"add", "drop"}},
		{words: "remote|-", what: "option", want: []string{"--help", "--home", "--url", "-h"}},
		{words: "remote|drop|", what: "remote", want: []string{"origin"}},
		{words: "remote|drop|--url|", what: "address", want: []string{"https://a", "https://b"}},
		{words: "remote|add|"},
	} {
		t.Run(row.words, func(t *testing.T) {
			a := Complete(program(), Line{Words: strings.Split(row.words, "|")}, predictors)
			var got []string
			for _, c := range a.Candidates {
				got = append(got, c.Text)
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("candidates %q, want %q", got, row.want)
			}
			if a.Prefix != row.prefix || a.What != row.what || a.Paths != row.paths {
				t.Errorf("prefix %q, what %q, paths %q; want %q, %q, %q", a.Prefix, a.What, a.Paths, row.prefix, row.what, row.paths)
			}
		})
	}
}

// Predictors may be slow: only the one for the place is asked, and none for a flag.
func TestPredictorsAreNotAskedInVain(t *testing.T) {
	for _, words := range []string{"", "--", "enter|-", "make|-", "enter|--home|", "enter|--home=", "become|web|x|"} {
		known := Predictors{
			"NAME":      func(Place) Offer { t.Errorf("%s: NAME is asked", words); return Offer{} },
			"directory": predictors["directory"],
			"ARGUMENT":  predictors["ARGUMENT"],
		}
		Complete(program(), Line{Words: strings.Split(words, "|")}, known)
	}
}

// A command that is added later completes with nothing said about it.
func TestNewCommandCompletes(t *testing.T) {
	root := program()
	c := &cobra.Command{Use: "rename NAME NEW", Short: "Rename one", Run: func(*cobra.Command, []string) {}}
	c.Flags().String("log", "", "the `file` to write to")
	root.AddCommand(c)
	for words, want := range map[string]string{
		"ren":           "rename",
		"rename|":       "web",
		"rename|--":     "--log",
		"rename|--log|": "",
	} {
		a := Complete(root, Line{Words: strings.Split(words, "|")}, predictors)
		if want == "" {
			if a.Paths != AnyFile {
				t.Errorf("%s: paths %q", words, a.Paths)
			}
		} else if !slices.ContainsFunc(a.Candidates, func(c Candidate) bool { return c.Text == want }) {
			t.Errorf("%s: %v has no %s", words, a.Candidates, want)
		}
	}
}

func TestDescriptions(t *testing.T) {
	reply := func(words ...string) string {
		var out bytes.Buffer
		err := Reply(&out, formOf("fish"), append([]string{"prog"}, words...), func(_ string, line Line) Answer {
			return Complete(program(), line, predictors)
		})
		if err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if got, want := reply("en"), "\tcommand\t\t\t\nbecome\nenter\tGo in\n"; !strings.HasPrefix(got, want) {
		t.Errorf("commands:\n%s\nwant, to begin with:\n%s", got, want)
	}
	if got, want := reply("make", "--"), "\toption\t\t\t\n--force\twhatever is there\n--help\thelp for make\n--home\tthe directory of all\n"; !strings.HasPrefix(got, want) {
		t.Errorf("flags:\n%s\nwant, to begin with:\n%s", got, want)
	}
	if got, want := reply("make", "--python=3.1"), "--python=\tversion\t\t\t\n3.12\n3.13\n"; got != want {
		t.Errorf("values:\n%s\nwant:\n%s", got, want)
	}
	if got := reply("nosuch", ""); got != "" {
		t.Errorf("nothing to offer:\n%s", got)
	}
}

// A description can be a look at the disk, and is made for no more candidates
// than a person looks through. What it says stays on its line.
func TestDescriptionsAreFew(t *testing.T) {
	var made atomic.Int32 // several are described at once
	var all []Candidate
	for range 3 * maxDescribed {
		all = append(all, Candidate{"name", func() string { made.Add(1); return "two\nlines\t" }})
	}
	all = append(all, Candidate{"other", func() string { t.Error("a candidate that does not match is described"); return "" }}, Candidate{Text: "bad\nname"})
	var out bytes.Buffer
	if err := Reply(&out, formOf("zsh"), []string{"prog", "na"}, func(string, Line) Answer { return Answer{Offer: Offer{Candidates: all}, Word: "na"} }); err != nil {
		t.Fatal(err)
	}
	if made.Load() != maxDescribed {
		t.Errorf("%d descriptions, want %d", made.Load(), maxDescribed)
	}
	if lines := strings.Count(out.String(), "\n"); lines != 1+3*maxDescribed+1 {
		t.Errorf("%d lines", lines)
	}
	if want := "\nname\ttwo lines \n"; !strings.Contains(out.String(), want) {
		t.Errorf("%q is not in %q", want, out.String())
	}
}

func TestReplyRefuses(t *testing.T) {
	for _, words := range [][]string{nil, {"prog"}} {
		if err := Reply(&bytes.Buffer{}, formOf("zsh"), words, nil); err == nil {
			t.Errorf("Reply takes %q", words)
		}
	}
	if err := Reply(&bytes.Buffer{}, formOf("tcsh"), []string{"prog", ""}, nil); err == nil {
		t.Error("Reply speaks tcsh")
	}
}

// BenchmarkReply is what an answer costs once the names are there. The two
// sizes are there to be compared.
func BenchmarkReply(b *testing.B) {
	for _, size := range []int{1000, 10000} {
		var all []Candidate
		for i := range size {
			all = append(all, Candidate{Text: fmt.Sprintf("environment %d", i)})
		}
		known := Predictors{"NAME": func(Place) Offer { return Offer{What: "environment", Candidates: all} }}
		for shellName, words := range map[string][]string{"bash": {"prog", "prog enter ", ""}, "zsh": {"prog", "enter", ""}} {
			b.Run(fmt.Sprintf("%s/%d", shellName, size), func(b *testing.B) {
				for b.Loop() {
					err := Reply(io.Discard, formOf(shellName), words, func(_ string, line Line) Answer {
						return Complete(program(), line, known)
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
