package cmd

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/cmd/paths"
	"den/completions"
	"den/env"
	"den/env/disk"
	"den/env/python"
	"den/env/template"
	"den/hooks"
)

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

// environmentNames predicts an environment, and describes it by its Python and
// its project.
func (a *app) environmentNames(place completions.Place) completions.Offer {
	offer := completions.Offer{What: "environment"}
	home, err := a.home()
	if err != nil {
		return offer
	}
	projectFile := a.projectFile()
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
		if _, isHook := hooks.Named(entry.Name()); isHook {
			continue
		}
		if disk.IsProgram(filepath.Join(environment.Bin(), entry.Name())) {
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
