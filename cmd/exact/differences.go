package exact

import (
	"slices"

	"den/cmd/pip"
	"den/env"
	"den/env/lockfile"
	"den/env/packages"
)

// Differences returns the differences between an environment, on the left, and a list of
// packages, on the right. pip, and setuptools and wheel that came with the environment,
// are no difference unless the list names them.
func Differences(e env.Environment, installed []packages.Distribution, wanted []lockfile.Package) []lockfile.Difference {
	removable, _ := pip.Removable(e, installed)
	return slices.DeleteFunc(lockfile.Compare(lockfile.Of(installed), wanted), func(d lockfile.Difference) bool {
		return d.Right == nil && !slices.ContainsFunc(removable, func(name string) bool { return packages.Normalize(name) == d.Name })
	})
}
