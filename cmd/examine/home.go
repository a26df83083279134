package examine

import (
	"den/cmd/hint"
	"den/env"
	"den/env/store"
)

// Home looks at the directory of the environments.
func Home(home env.Home) (found []Finding) {
	halfMade, removed := home.Leftovers()
	switch {
	case halfMade > 0:
		found = append(found, Finding{Level: Problem, Check: "leftovers", Message: "an interrupted den has left something half-made in " + home.Dir() + "/.den/staging", Mend: "den sweep"})
	case removed > 0:
		found = append(found, Finding{Level: Note, Check: "leftovers", Message: "what was removed is still being deleted from " + home.Dir() + "/.den/trash, or its deletion was interrupted", Mend: "den sweep"})
	}
	if has, err := home.HasLocks(); err == nil && !has {
		found = append(found, Finding{Level: Note, Check: "locks", Message: "the file system of " + home.Dir() + " has no locks (flock): den leaves notes of who is at work in .den/locks; one that a machine which has died has left there is yours to delete"})
	}
	dangling, _ := home.Dangling()
	for _, name := range dangling {
		found = append(found, Finding{Level: Problem, Check: "link", Message: home.Path(name) + " is " + store.DanglingLink, Mend: "rm " + hint.Path(home.Path(name))})
	}
	if isOthers(home.Dir()) {
		found = append(found, Finding{Level: Problem, Check: "permissions", Message: "others can write to " + home.Dir(), Mend: "chmod go-w " + hint.Path(home.Dir())})
	}
	return found
}
