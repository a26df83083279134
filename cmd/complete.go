package cmd

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/paths"
	"den/cmd/serve"
	"den/cmd/waste"
	"den/completions"
	"den/env"
	"den/env/disk"
	"den/env/layout"
	"den/env/python"
	"den/env/template"
	"den/hooks"
	"den/shell"
	"den/shell/shells"
)

// completeCommand is what the shells' completion calls. Whatever goes wrong, it
// has nothing to offer and nothing to say: the person is in the middle of a line.
func (a *app) completeCommand() *cobra.Command {
	return &cobra.Command{
		Use:                "complete SHELL NAME WORD...",
		Short:              "Say how a command line can go on",
		Hidden:             true,
		DisableFlagParsing: true,
		Annotations:        map[string]string{readOnly: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			if s, err := shells.ByName(args[0]); err == nil {
				// It ends the same way whatever the error, so it is dropped.
				_ = completions.Reply(a.stdout, s.Completion.Form, args[1:], func(name string, line completions.Line) completions.Answer {
					return a.complete(cmd.Root(), name, line)
				})
			}
			return nil
		},
	}
}

// complete answers for a line after a function of the integration, or after den
// itself, by whatever name.
func (a *app) complete(root *cobra.Command, name string, line completions.Line) completions.Answer {
	if word, ok := findWord(func(w shell.Word) bool { return w.Name == name }); ok {
		command := strings.Fields(word.Command)
		if c, _, err := root.Find(command); err == nil {
			c.Hidden = false // whoever has typed the word knows it
		}
		line.Words = append(command, line.Words...)
	}
	return completions.Complete(root, line, a.predictors(root))
}

// predictors says what arguments can be, by what the commands call them.
func (a *app) predictors(root *cobra.Command) completions.Predictors {
	return completions.Predictors{
		"NAME":                          a.environmentNames,
		"mk NAME":                       nothing, // it is a new one
		"project new NAME":              nothing,
		"undo NAME":                     a.keptNames,
		"SRC":                           a.environmentsAnywhere,
		"run NAME":                      a.environmentsAnywhere,
		"lock NAME":                     a.environmentsAnywhere,
		"diff NAME":                     a.environmentsAnywhere,
		"show NAME":                     a.environmentsAnywhere,
		"path NAME":                     a.environmentsAnywhere,
		"vars set NAME":                 a.environmentsAnywhere,
		"vars unset NAME":               a.environmentsAnywhere,
		"vars list NAME":                a.environmentsAnywhere,
		"vars edit NAME":                a.environmentsAnywhere,
		"project show NAME":             a.environmentsAnywhere,
		"DST":                           nothing,
		"OLD":                           a.environmentNames,
		"NEW":                           nothing,
		"ENV":                           a.environmentsAnywhere,
		"HOOK":                          hookNames,
		"COMMAND":                       a.programs,
		"ARGUMENT":                      a.ownArguments,
		"all ARGUMENT":                  ownArgumentsAnywhere,
		"SUBDIRECTORY":                  a.subdirectories,
		"SETTING":                       a.settingNames,
		"config unset SETTING":          a.settingsInFile,
		"VALUE":                         a.settingValues,
		"site-packages cd SUBDIRECTORY": a.packageDirectories,
		"project cd SUBDIRECTORY":       a.projectDirectories,
		"pth remove DIRECTORY":          a.extendedBy,
		"DIRECTORY":                     directories,
		"KERNEL":                        a.kernelNames,
		"kernel COMMAND":                nothing,
		"KEY":                           a.variableNames,
		"KEY=VALUE":                     nothing, // a word that ends with = would be closed by a space
		"vars COMMAND":                  nothing,
		"serve COMMAND":                 nothing,
		"serve check NAME":              a.servedNames,
		"serve run NAME":                a.servedNames,
		"serve start NAME":              a.servedNames,
		"serve stop NAME":               a.servedNames,
		"serve reload NAME":             a.servedNames,
		"serve status NAME":             a.servedNames,
		"serve logs NAME":               a.servedNames,
		"serve install NAME":            a.servedNames,
		"serve uninstall NAME":          a.servedNames,
		"APP":                           nothing,
		"host":                          nothing,
		"address=directory":             nothing,
		"port":                          nothing,
		"size":                          nothing,
		"account":                       nothing,
		"OPTION":                        nothing,
		"site-packages COMMAND":         nothing, // those below it are offered
		"pth COMMAND":                   nothing,
		"project COMMAND":               nothing,
		"all COMMAND":                   a.programsAnywhere,
		"template":                      a.templates,
		"option":                        nothing, // nobody types these
		"program":                       nothing,
		"number":                        nothing,
		"help COMMAND":                  func(completions.Place) completions.Offer { return commandNames(root) },

		"interpreter":    a.interpreters,
		"KIND":           words("kind", waste.Kinds()...),
		"span":           words("span", "30d", "90d", "180d", "365d"),
		"--sort":         words("column", sortColumnNames()...),
		"--backend":      words("backend", layout.Backends()...),
		"--server":       words("server", serve.Servers()...),
		"--interface":    words("interface", serve.WSGI, serve.ASGI),
		"--requirements": requirementFiles,
		"group":          dependencyGroups,
		"script":         scripts,
		"unpack FILE":    packedFiles,
		"pack --format":  words("format", packFormats...),
		"path":           files,
		"layout":         directories,
		"unpack NAME":    nothing,
		"HOST":           sshHosts,
		"--to":           nothing, // it is on another machine
		"name":           nothing,
		"module":         nothing,
		"version":        nothing,
		"tag":            nothing,
		"file":           files,
		"lock --format":  words("form", formatPylock, formatRequirements),
		"FILE":           requirementFiles,
		"OTHER":          a.environmentsAndLists,
		"tool":           words("tool", wrapper),
		"--auto":         words("mode", "linked", autoOn, shell.AutoOff),
		"directory":      directories,
	}
}

func nothing(completions.Place) completions.Offer { return completions.Offer{} }

// requirementFiles predicts a file for pip's -r: those that are called as such
// are, or else other texts, or else any.
func requirementFiles(completions.Place) completions.Offer {
	return completions.Offer{What: "requirement file", Paths: completions.AnyFile,
		Preferred: []string{"*requirements*.txt *requirements*.in pylock*.toml", "*.txt"}}
}

// packedFiles predicts a packed environment.
func packedFiles(completions.Place) completions.Offer {
	return completions.Offer{What: "packed environment", Paths: completions.AnyFile, Preferred: []string{"*" + packedSuffix}}
}

// sshHosts predicts a host that the person's ssh configuration names.
func sshHosts(completions.Place) completions.Offer {
	offer := completions.Offer{What: "host"}
	text, err := disk.ReadSmall(paths.Expand("~/.ssh/config"))
	if err != nil {
		return offer
	}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) == 0 || !strings.EqualFold(words[0], "host") {
			continue
		}
		for _, name := range words[1:] {
			if !strings.ContainsAny(name, "*?!") {
				offer.Candidates = append(offer.Candidates, completions.Candidate{Text: name})
			}
		}
	}
	return offer
}

func files(completions.Place) completions.Offer {
	return completions.Offer{What: "file", Paths: completions.AnyFile}
}

// environmentsAndLists predicts an environment by its name, or a file that lists
// packages.
func (a *app) environmentsAndLists(place completions.Place) completions.Offer {
	offer := requirementFiles(place)
	if !strings.ContainsAny(place.Word, "/~") {
		offer.Candidates = a.environmentNames(place).Candidates
	}
	return offer
}

func directories(completions.Place) completions.Offer {
	return completions.Offer{What: "directory", Paths: completions.Directories}
}

// words predicts one of a few words.
func words(what string, texts ...string) completions.Predictor {
	return func(completions.Place) completions.Offer {
		offer := completions.Offer{What: what}
		for _, text := range texts {
			offer.Candidates = append(offer.Candidates, completions.Candidate{Text: text})
		}
		return offer
	}
}

// environmentNames predicts an environment, and describes it by its Python and
// its project.
func (a *app) environmentNames(place completions.Place) completions.Offer {
	offer := completions.Offer{What: "environment"}
	home, err := a.home()
	if err != nil {
		return offer
	}
	projectFile, _ := a.settings.text(keyProjectFilename)
	names, _ := home.LikelyNames(place.Fits)
	offer.Candidates = make([]completions.Candidate, len(names))
	for i, name := range names {
		e := env.Environment{Name: name, Path: home.Path(name)}
		offer.Candidates[i] = completions.Candidate{Text: name, Describe: func() string { return summary(e, projectFile) }}
	}
	return offer
}

// environmentsAnywhere predicts an environment by its name, or by its path.
func (a *app) environmentsAnywhere(place completions.Place) completions.Offer {
	if isTypedPath(place.Word) || isPath(place.Word) {
		return completions.Offer{What: "environment", Paths: completions.Directories}
	}
	return a.environmentNames(place)
}

// summary describes an environment in a line: "3.12.1, ~/src/web".
func summary(e env.Environment, projectFile string) string {
	project, _ := e.Project(projectFile)
	parts := []string{e.PythonVersion(), paths.Short(project)}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

// interpreters predicts the values of -p: for each Python the shortest form that leads to
// it and begins with the typed text. Short forms come first, and among them the newest
// Python. A word that is such a form already gets the next one too. No Python is started:
// what they answered once, and their names, have to do.
func (a *app) interpreters(place completions.Place) completions.Offer {
	offer := completions.Offer{What: "interpreter"}
	var byLength [longestForm + 1][]completions.Candidate
	if isTypedPath(place.Word) {
		offer.Paths = completions.AnyFile
	}
	taken := map[string]bool{} // by a Python that goes before
	for _, i := range a.finder("").Names() {
		offered := false
		for length, form := range formsOf(i) {
			if form == "" || taken[form] {
				continue
			}
			taken[form] = true
			if !offered && strings.HasPrefix(form, place.Word) {
				offered = form != place.Word
				byLength[length] = append(byLength[length], completions.Candidate{Text: form, Describe: func() string { return i.Name + ", " + i.Source }})
			}
		}
	}
	offer.Candidates = slices.Concat(byLength[:]...)
	return offer
}

// longestForm is the index of the longest of the forms that lead to a Python.
const longestForm = 3

// formsOf returns the texts by which -p finds an interpreter, the short ones first:
// two numbers of its version, all of them, its command on PATH, its path.
func formsOf(i python.Named) [longestForm + 1]string {
	command := ""
	if i.Source == "PATH" {
		command = filepath.Base(i.Path)
	}
	return [...]string{i.Series, i.Name, command, i.Path}
}

// isTypedPath reports whether what is typed is a path so far, in which "~" stands
// for a home directory.
func isTypedPath(word string) bool { return strings.ContainsAny(word, "/~") }

// subdirectories predicts a directory in the active environment.
func (a *app) subdirectories(completions.Place) completions.Offer {
	active, err := a.active()
	return below(active.Path, err)
}

// packageDirectories predicts a directory in the active environment's packages.
func (a *app) packageDirectories(completions.Place) completions.Offer {
	return below(a.sitePackages())
}

// projectDirectories predicts a directory in the active environment's project.
func (a *app) projectDirectories(completions.Place) completions.Offer {
	active, err := a.active()
	if err != nil {
		return completions.Offer{}
	}
	return below(a.projectOf(active))
}

// below offers the directories in root.
func below(root string, err error) completions.Offer {
	if err != nil {
		return completions.Offer{}
	}
	return completions.Offer{What: "directory", Paths: completions.Directories, Root: root}
}

// extendedBy predicts a directory that add2virtualenv has added.
func (a *app) extendedBy(place completions.Place) completions.Offer {
	dirs, _ := a.extensions()
	return words("directory", dirs...)(place)
}

// templates predicts a template that a person has made. No Python is asked for
// more of them.
func (a *app) templates(completions.Place) completions.Offer {
	offer := completions.Offer{What: "template"}
	dirs, _ := a.templateDirs()
	own, _ := template.List(dirs...)
	for _, t := range own {
		offer.Candidates = append(offer.Candidates, completions.Candidate{Text: t.Name, Describe: t.Describe})
	}
	return offer
}

// programs predicts a program of the environment that the first argument names.
func (a *app) programs(place completions.Place) completions.Offer {
	if strings.Contains(place.Word, "/") {
		return completions.Offer{What: "file", Paths: completions.AnyFile}
	}
	offer := completions.Offer{What: "program"}
	environment, err := a.locate(place.Given[0])
	if err != nil {
		return offer
	}
	offer.Candidates = programsIn(environment)
	return offer
}

// programsAnywhere predicts a program that some environment has.
func (a *app) programsAnywhere(place completions.Place) completions.Offer {
	if strings.Contains(place.Word, "/") {
		return completions.Offer{What: "file", Paths: completions.AnyFile}
	}
	offer := completions.Offer{What: "program"}
	home, err := a.home()
	if err != nil {
		return offer
	}
	environments, _ := home.List()
	for _, e := range environments[:min(len(environments), looksInto)] {
		for _, c := range programsIn(e) {
			if !slices.ContainsFunc(offer.Candidates, func(other completions.Candidate) bool { return other.Text == c.Text }) {
				offer.Candidates = append(offer.Candidates, c)
			}
		}
	}
	return offer
}

// looksInto is how many environments are looked into for what a command could be.
const looksInto = 20

// programsIn are the programs of an environment.
func programsIn(environment env.Environment) (candidates []completions.Candidate) {
	entries, _ := os.ReadDir(environment.Bin())
	for _, entry := range entries {
		info, err := os.Stat(filepath.Join(environment.Bin(), entry.Name()))
		if _, isHook := hooks.Named(entry.Name()); isHook {
			continue
		}
		if err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			candidates = append(candidates, completions.Candidate{Text: entry.Name()})
		}
	}
	return candidates
}

// ownArguments predicts an argument of the program that the second argument
// names: that is for its own completion to say, with the programs of the
// environment before others.
func (a *app) ownArguments(place completions.Place) completions.Offer {
	own := completions.Command{Index: 1}
	if environment, err := a.locate(place.Given[0]); err == nil {
		own.Bin = environment.Bin()
	}
	return completions.Offer{What: "argument", Paths: completions.AnyFile, Command: &own}
}

// ownArgumentsAnywhere predicts an argument of the program that the first
// argument names.
func ownArgumentsAnywhere(completions.Place) completions.Offer {
	return completions.Offer{What: "argument", Paths: completions.AnyFile, Command: &completions.Command{}}
}

// settingNames predicts a setting, and describes it by its value and what it is.
func (a *app) settingNames(completions.Place) completions.Offer {
	offer := completions.Offer{What: "setting"}
	for _, t := range settingTable {
		description := t.Description
		if value, err := a.settings.text(t.Key); err == nil && value != "" {
			description = paths.Short(value) + ": " + description
		}
		offer.Candidates = append(offer.Candidates, completions.Candidate{Text: t.Key, Describe: func() string { return description }})
	}
	return offer
}

// commandNames are those that help lists.
func commandNames(root *cobra.Command) completions.Offer {
	offer := completions.Offer{What: "command"}
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			offer.Candidates = append(offer.Candidates, completions.Candidate{Text: c.Name(), Describe: func() string { return c.Short }})
		}
	}
	return offer
}
