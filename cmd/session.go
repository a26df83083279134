package cmd

import (
	"path/filepath"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/env"
	"den/env/disk"
	"den/hooks"
)

// session is the shell that asks, as activate takes it.
func (a *app) session() activate.Session {
	return activate.Session{Put: a.put, Within: a.within, Directories: a.hookDirectories, Find: a.find, Warnf: a.warnf, IsOwn: a.isOwn, Unset: a.warnVariable}
}

// isOwn reports whether the environment is in the home.
func (a *app) isOwn(e env.Environment) bool {
	home, err := a.home()
	return err == nil && home.Path(filepath.Base(e.Path)) == e.Path
}

// enter plans to enter an environment, which has to work.
func (a *app) enter(e activate.Entry) error {
	if err := a.check(e.Environment); err != nil {
		return err
	}
	home, err := a.home()
	if err != nil {
		return err
	}
	e.Home = home.Dir()
	if a.plan, err = a.session().Enter(e); err == nil {
		a.noteEntered(home, e.Environment)
	}
	return err
}

// noteEntered notes when an environment of the home was entered, for list and gc. It
// reports lines that a person has added to its bin/activate. It looks for them only if the
// file has changed since the last time: to look takes longer than the rest of entering.
func (a *app) noteEntered(home env.Home, e env.Environment) {
	if e.Path != home.Path(e.Name) {
		return
	}
	if changed, err := disk.Changed(activate.Script(e)); err == nil && !changed.Before(home.Entered(e.Name)) {
		a.noteAdded(e)
	}
	home.NoteEntered(e.Name)
}

// check returns an error, with the way to mend it, if the Python of e does not run:
// a pip called in e would be some other Python's.
func (a *app) check(e env.Environment) error {
	err := e.Check()
	if as[*env.BrokenError](err) {
		return hint.With(err, "%s", a.mend(e))
	}
	return err
}

// mend returns the hint that gives a broken environment another Python.
func (a *app) mend(e env.Environment) string {
	if word := a.reference(e); word == hint.Word(e.Name) {
		return "give it another Python, and the same packages: den upgrade " + word
	}
	return "make it anew with the tool that made it"
}

// hookDirectories are those where the environment's hooks live.
func (a *app) hookDirectories(e env.Environment) (hooks.Directories, error) {
	globalDir, err := a.settings.text(keyHookDir)
	if err != nil {
		return hooks.Directories{}, err
	}
	project, err := a.project(e)
	if err != nil {
		a.warnf("%s", err)
	}
	return hooks.Directories{Global: globalDir, Local: e.Bin(), Project: project}, nil
}

func (a *app) project(e env.Environment) (string, error) {
	file, err := a.settings.text(keyProjectFilename)
	if err != nil {
		return "", err
	}
	return e.Project(file)
}

// goesToProject decides whether to go to the project directory: by flag, or
// else by setting.
func (a *app) goesToProject(cd, noCd bool) (bool, error) {
	if cd && noCd {
		return false, usagef("--cd and --no-cd contradict each other")
	}
	if cd || noCd {
		return cd, nil
	}
	value, err := a.settings.text(keyCd)
	return value == "true", err
}
