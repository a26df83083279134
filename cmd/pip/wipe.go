package pip

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"den/env"
	"den/env/packages"
	"den/env/python"
)

// Removable returns the names of the distributions that are to go when the
// environment is wiped, and whether pip is among those that stay.
func Removable(e env.Environment, installed []packages.Distribution) (names []string, hasPip bool) {
	for _, d := range installed {
		if d.Is("pip") {
			hasPip = true
		} else if !isSeed(d, e) {
			names = append(names, d.Name)
		}
	}
	return names, hasPip
}

// TakenWhole returns the directories of packages that do not list their files: pip
// takes them away whole, with what a person has put there. From others it leaves
// what is not listed.
func TakenWhole(site string) []string {
	var whole []string
	for path := range packages.Unlisted(site) {
		if info, err := os.Lstat(path); err == nil && info.IsDir() {
			whole = append(whole, path)
		}
	}
	slices.Sort(whole)
	return whole
}

// Uninstall takes the distributions out of the environment.
func (p Pip) Uninstall(ctx context.Context, names []string) error {
	site, err := p.environment.SitePackages()
	if err != nil {
		return err
	}
	if err := p.Run(ctx, "uninstall", append([]string{"--yes", "--"}, names...)...); err != nil {
		return err
	}
	// With the last file in it, pip takes site-packages away.
	if err := os.MkdirAll(site, 0o777); err != nil {
		return err
	}
	return p.stillHas(names)
}

// stillHas returns an error that names what is in the environment, though pip
// says that it is gone.
func (p Pip) stillHas(names []string) error {
	has, err := p.Installed()
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !slices.ContainsFunc(has, Wanted{Name: name}.is) })
	if len(left) > 0 {
		return &Error{fmt.Errorf("it reports success, but %s is still there", strings.Join(left, ", "))}
	}
	return nil
}

// isSeed reports whether it is setuptools or wheel and came with the
// environment: with any up to Python 3.11, as pip too assumes, and with a later
// one if nobody has asked pip for it, which would have left a file REQUESTED
// (PEP 376).
func isSeed(d packages.Distribution, e env.Environment) bool {
	if !slices.Contains([]string{"setuptools", "wheel"}, packages.Normalize(d.Name)) || d.Editable != "" {
		return false
	}
	version, err := python.ParseVersion(e.PythonVersion())
	if err == nil && version.Less(python.Version{Major: 3, Minor: 12}) {
		return true
	}
	return !d.WasRequested()
}
