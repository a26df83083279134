package examine

import (
	"den/cmd/hint"
	"den/env"
	"den/env/store"
)

// Home looks at the directory of the environments.
func Home(home env.Home) (found []Finding) {
	report := ReportTo(&found, "")
	halfMade, removed := home.Leftovers()
	switch {
	case halfMade > 0:
		report(Problem, "leftovers", "den sweep", "an interrupted den has left something half-made in %s/.den/staging", home.Dir())
	case removed > 0:
		report(Note, "leftovers", "den sweep", "what was removed is still being deleted from %s/.den/trash, or its deletion was interrupted", home.Dir())
	}
	if has, err := home.HasLocks(); err == nil && !has {
		report(Note, "locks", "", "the file system of %s has no locks (flock): den notes in .den/locks who is at work; delete the note of a machine that has died", home.Dir())
	}
	dangling, _ := home.Dangling()
	for _, name := range dangling {
		report(Problem, "link", "rm "+hint.Path(home.Path(name)), "%s is %s", home.Path(name), store.DanglingLink)
	}
	if isOthers(home.Dir()) {
		report(Problem, "permissions", "chmod go-w "+hint.Path(home.Dir()), "others can write to %s", home.Dir())
	}
	return found
}
