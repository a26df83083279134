package hooks

// ByName returns the Event with that name.
func ByName(name string) (Event, bool) {
	for _, e := range []Event{
		Initialize, PreMkvirtualenv, PostMkvirtualenv, PreActivate, PostActivate,
		PreDeactivate, PostDeactivate, PreRmvirtualenv, PostRmvirtualenv,
	} {
		if e.Name == name {
			return e, true
		}
	}
	return Event{}, false
}
