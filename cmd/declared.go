package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"den/cmd/hint"
	"den/cmd/pip"
	"den/completions"
	"den/env"
	"den/env/pyproject"
	"den/env/python"
)

// A declared is what a project or a script asks for.
type declared struct {
	by     string   // the file that says so
	name   string   // of the project, if it is to be installed and its name is known
	python string   // the comparisons; "" admits any
	words  []string // for pip
}

// readDeclared reads what the projects, groups and script that a person has named
// ask for.
func (m *mkOptions) readDeclared() error {
	for _, given := range m.editable {
		d, err := editableProject(given)
		if err != nil {
			return err
		}
		m.declared = append(m.declared, d)
	}
	if len(m.groups) > 0 {
		d, err := groupsOf(m.project, m.groups)
		if err != nil {
			return err
		}
		m.declared = append(m.declared, d)
	}
	if m.script == "" {
		return nil
	}
	wants, err := pyproject.Script(m.script)
	if _, lacks := errors.AsType[*pyproject.NoMetadataError](err); lacks {
		return hint.With(err, "name the packages: -i PACKAGE")
	}
	if _, isPath := errors.AsType[*fs.PathError](err); isPath {
		return fmt.Errorf("the script %s: %w", m.script, errors.Unwrap(err))
	}
	m.declared = append(m.declared, declared{by: m.script, python: wants.Python, words: wants.Requirements})
	return err
}

// editableProject is a project that is to be installed so that its files can be
// edited. Extras may follow the directory, as for pip; pip takes URLs too.
func editableProject(given string) (declared, error) {
	if strings.Contains(given, "://") {
		return declared{by: given, words: []string{"-e", given}}, nil
	}
	path, extras := given, ""
	if at := strings.LastIndexByte(given, '['); at > 0 && strings.HasSuffix(given, "]") {
		path, extras = given[:at], given[at:]
	}
	dir, err := directory("project", path)
	if err != nil {
		return declared{}, err
	}
	if !pyproject.IsProject(dir) {
		return declared{}, fmt.Errorf("the project %s cannot be installed: it has neither a pyproject.toml nor a setup.py", path)
	}
	file, err := pyproject.Read(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return declared{}, err
	}
	return declared{by: file.Path, name: file.Name, python: file.Python, words: []string{"-e", dir + extras}}, nil
}

// groupsOf are dependency groups of the project in dir, or in the working directory.
func groupsOf(dir string, names []string) (d declared, err error) {
	file, err := pyproject.Read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return d, hint.With(fmt.Errorf("there is no %s, where dependency groups would be", file.Path), "name the project: -a DIRECTORY")
	}
	if err != nil {
		return d, err
	}
	d = declared{by: file.Path, python: file.Python}
	for _, name := range names {
		requirements, err := file.Group(name)
		if err != nil {
			return d, explainGroup(err)
		}
		d.words = append(d.words, requirements...)
	}
	return d, nil
}

// explainGroup gives an error about a dependency group its next step.
func explainGroup(err error) error {
	missing, ok := errors.AsType[*pyproject.GroupError](err)
	if !ok {
		return err
	}
	if len(missing.Groups) == 0 {
		return hint.With(err, "name the packages: -i PACKAGE")
	}
	return nearOr(err, env.Similar(missing.Name, missing.Groups), "there are: "+strings.Join(missing.Groups, ", "))
}

// expected are the distributions that are to be there when pip is done.
func (d declared) expected() []pip.Wanted {
	if d.name != "" {
		return []pip.Wanted{{Name: d.name}}
	}
	return pip.NamedIn(d.words)
}

// fitting returns the interpreter, or where a person has asked for none, another one
// that all fits.
func (a *app) fitting(ctx context.Context, found python.Interpreter, request string, all []declared) (python.Interpreter, error) {
	var ranges, by []string
	isFitting := true
	for _, d := range all {
		if d.python == "" {
			continue
		}
		fits, err := python.Satisfies(found.Version, d.python)
		if err != nil {
			return found, fmt.Errorf("%s: requires-python: %w", d.by, err)
		}
		isFitting = isFitting && fits
		ranges, by = append(ranges, d.python), append(by, d.by)
	}
	if isFitting {
		return found, nil
	}
	wanted := strings.Join(ranges, ",")
	if request == "" {
		other, err := a.findOrGet(ctx, wanted)
		if err != nil {
			err = fmt.Errorf("%w, which %s asks for", err, hint.Join(by, " and "))
		} else {
			a.notef("den uses Python %s: %s asks for %s", other.Version, hint.Join(by, " and "), wanted)
		}
		return other, err
	}
	err := fmt.Errorf("this is Python %s, and %s asks for %s", found.Version, hint.Join(by, " and "), wanted)
	return found, hint.With(err, "take another one: -p %s", hint.Word(wanted))
}

// dependencyGroups predicts a group of the project in the working directory.
func dependencyGroups(place completions.Place) completions.Offer {
	file, _ := pyproject.Read("")
	return words("dependency group", file.Groups()...)(place)
}

// scripts predicts a script.
func scripts(completions.Place) completions.Offer {
	return completions.Offer{What: "script", Paths: completions.AnyFile, Preferred: []string{"*.py"}}
}
