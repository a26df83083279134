package lockfile

import (
	"slices"
	"strings"

	"den/lazy"
)

// A Difference is a package in which two lists differ: one of both has not got it,
// or they have other versions or sources.
type Difference struct {
	Name        string
	Left, Right *Package // nil where the list has none
}

// Compare returns the packages in which two lists differ, by name. Each list has a
// package at most once.
func Compare(left, right []Package) []Difference {
	var all []Difference
	rest := slices.Clone(right)
	for _, l := range left {
		at := slices.IndexFunc(rest, func(r Package) bool { return isSameProject(l, r) })
		if at < 0 {
			all = append(all, Difference{Name: l.Name, Left: &l})
			continue
		}
		if r := rest[at]; !IsSame(l, r) {
			all = append(all, Difference{Name: l.Name, Left: &l, Right: &r})
		}
		rest = slices.Delete(rest, at, at+1)
	}
	for _, r := range rest {
		all = append(all, Difference{Name: r.Name, Right: &r})
	}
	slices.SortStableFunc(all, func(a, b Difference) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// isSameProject reports whether two packages take each other's place. A directory
// in a requirements file may come without a name.
func isSameProject(l, r Package) bool {
	if l.Name != "" && r.Name != "" {
		return l.Name == r.Name
	}
	return l.Source() != "" && l.Source() == r.Source()
}

// IsSame reports whether two packages are the same version from the same source. A
// list may lack the version of a source tree, and the hash of an archive.
func IsSame(l, r Package) bool {
	if l.Source() != r.Source() {
		return false
	}
	if l.Archive != nil && r.Archive != nil && !agree(l.Archive.Hashes, r.Archive.Hashes) {
		return false
	}
	if l.Source() != "" && (l.Version == "" || r.Version == "") {
		return true
	}
	return IsSameVersion(l.Version, r.Version)
}

// IsSameVersion reports whether two versions are the same by PEP 440: "1.0" and "1".
func IsSameVersion(l, r string) bool { return canonical(l) == canonical(r) }

// agree reports whether two files can be the same by their hashes.
func agree(one, other map[string]string) bool {
	for algorithm, digest := range one {
		if there := other[algorithm]; there != "" && !strings.EqualFold(there, digest) {
			return false
		}
	}
	return true
}

// versionPattern takes a version apart (PEP 440, appendix B): epoch, release,
// pre-release with its number, post-release with its number in two spellings,
// development release with its number, local version.
var versionPattern = lazy.Pattern(`^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$`)

// canonical is the one spelling of a version (PEP 440), without zeros at the end of
// its release. A text that is no version stays as it is.
func canonical(version string) string {
	match := versionPattern().FindStringSubmatch(strings.ToLower(strings.TrimSpace(version)))
	if match == nil {
		return version
	}
	number := func(digits string) string {
		if digits = strings.TrimLeft(digits, "0"); digits == "" {
			return "0"
		}
		return digits
	}
	release := strings.Split(match[2], ".")
	for i, part := range release {
		release[i] = number(part)
	}
	for len(release) > 1 && release[len(release)-1] == "0" {
		release = release[:len(release)-1]
	}
	text := number(match[1]) + "!" + strings.Join(release, ".")
	if match[3] != "" {
		phases := map[string]string{"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}
		phase, ok := phases[match[3]]
		if !ok {
			phase = match[3]
		}
		text += phase + number(match[4])
	}
	if match[5] != "" || match[6] != "" {
		text += ".post" + number(match[5]+match[7])
	}
	if match[8] != "" {
		text += ".dev" + number(match[9])
	}
	if match[10] != "" {
		text += "+" + strings.NewReplacer("-", ".", "_", ".").Replace(match[10])
	}
	return text
}
