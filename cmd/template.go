package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/env"
	"den/env/disk"
	"den/env/python/child"
	"den/env/template"
)

// templateDirs are the directories in which a person keeps templates.
func (a *app) templateDirs() ([]string, error) {
	hookDir, err := a.settings.text(keyHookDir)
	return []string{filepath.Join(hookDir, "templates"), filepath.Join(filepath.Dir(a.settings.file()), "templates")}, err
}

// A packaged template comes with a Python package, as an extension of
// virtualenvwrapper.
type packaged struct{ name, description string }

// hookLoader is the module of virtualenvwrapper that finds its extensions, and
// templateEvent what it calls those that are templates.
const (
	hookLoader    = "virtualenvwrapper.hook_loader"
	templateEvent = "project.template"
)

// wrapperPython is the Python that has virtualenvwrapper, if the person says so.
func wrapperPython() string { return os.Getenv("VIRTUALENVWRAPPER_PYTHON") }

// loadHooks returns the arguments of that Python for a call of hookLoader.
func loadHooks(args ...string) []string { return append(child.Module(hookLoader), args...) }

// packagedTemplates asks virtualenvwrapper for its extensions. There are none
// where it is not installed.
func packagedTemplates(ctx context.Context) []packaged {
	if wrapperPython() == "" {
		return nil
	}
	output, err := exec.CommandContext(ctx, wrapperPython(), loadHooks("--list", templateEvent)...).Output()
	if err != nil {
		return nil
	}
	var found []packaged
	for line := range strings.Lines(string(output)) {
		// A line that is not indented continues the description above.
		line, isFirst := strings.CutPrefix(line, "  ")
		name, description, ok := strings.Cut(line, " -- ")
		if name = strings.TrimSpace(name); isFirst && ok && !strings.Contains(name, " ") {
			found = append(found, packaged{name, strings.TrimSpace(description)})
		}
	}
	return found
}

// findTemplate returns the template of that name; nil for one that comes with a
// Python package.
func (a *app) findTemplate(ctx context.Context, name string) (*template.Template, error) {
	dirs, err := a.templateDirs()
	if err != nil {
		return nil, err
	}
	if t, ok := template.Find(name, dirs...); ok {
		return &t, checkTemplate(t)
	}
	known := packagedTemplates(ctx)
	if slices.ContainsFunc(known, func(p packaged) bool { return p.name == name }) {
		return nil, nil
	}
	own, err := template.List(dirs...)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, t := range own {
		names = append(names, t.Name)
	}
	for _, p := range known {
		names = append(names, p.name)
	}
	err = usagef("no template named %q", name)
	if len(names) == 0 {
		return nil, hint.With(err, "a template is an executable file or a directory in %s or %s", dirs[0], dirs[1])
	}
	return nil, nearOr(err, env.Similar(name, names), "there are: "+strings.Join(names, ", "))
}

// checkTemplate returns an error for a template that others may have written: it
// would do their work with the person's rights.
func checkTemplate(t template.Template) error {
	err := disk.CheckTrustOf(t.Path)
	if untrusted, ok := errors.AsType[*disk.UntrustedError](err); ok {
		return hint.With(fmt.Errorf("the template %s is not used: %s", t.Path, untrusted.Reason), "%s", untrusted.Mend)
	}
	return err
}

// applyTemplate applies a template to the project directory of an environment.
func (a *app) applyTemplate(ctx context.Context, name string, e env.Environment, dir string) error {
	found, err := a.findTemplate(ctx, name)
	if err != nil {
		return err
	}
	command := func(ctx context.Context, program string, args ...string) *exec.Cmd {
		c := exec.CommandContext(ctx, program, args...)
		c.Env = activate.Environ(e, nil)
		c.Stdin, c.Stdout, c.Stderr = a.stdin, a.stdout, a.stderr
		return c
	}
	a.doneUnannounced("applying the template %q", name)
	if found == nil {
		home, err := a.home()
		if err != nil {
			return err
		}
		c := command(ctx, wrapperPython(), loadHooks("--name", name, templateEvent, e.Name, dir)...)
		c.Dir = home.Dir()
		return c.Run()
	}
	kept, err := found.Apply(ctx, template.Application{Project: e.Name, Dir: dir, Command: command})
	for _, path := range kept {
		a.notef("%s was there already, and has been left as it is", filepath.Join(dir, path))
	}
	return err
}

// printTemplates lists all templates, below the help of "den project new".
func (a *app) printTemplates(ctx context.Context) {
	if ctx == nil { // the command has not been run, only its help
		ctx = context.Background()
	}
	a.printf("\nTemplates:\n")
	dirs, err := a.templateDirs()
	own, listErr := template.List(dirs...)
	if err := errors.Join(err, listErr); err != nil {
		a.warnOf(err)
	}
	known := packagedTemplates(ctx)
	for _, t := range own {
		known = slices.DeleteFunc(known, func(p packaged) bool { return p.name == t.Name })
		a.printf("  %-18s %s\n", printable(t.Name), printable(t.Describe()))
	}
	for _, p := range known {
		a.printf("  %-18s %s\n", printable(p.name), printable(p.description))
	}
	if len(own)+len(known) == 0 {
		a.printf("  There are none yet.\n")
	}
}
