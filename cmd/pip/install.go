package pip

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
)

// InstallLines installs what lines of a requirements file say, and what that
// needs beyond it.
func (p Pip) InstallLines(ctx context.Context, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	if err := p.InstallExactly(ctx, lines); err != nil {
		return err
	}
	return p.completeDependencies(ctx)
}

// InstallExactly installs what lines of a requirements file say, and nothing that
// these packages need.
func (p Pip) InstallExactly(ctx context.Context, lines []string, options ...string) error {
	if len(lines) == 0 {
		return nil
	}
	file, err := linesFile(lines)
	if err != nil {
		return err
	}
	defer file.Close()
	return p.runWith(ctx, file, "install", append([]string{"--no-deps", "-r", LinesFile}, options...)...)
}

// KeepSeeds installs setuptools and wheel in the versions that an environment
// had before it was made anew. That may need the network, for what comes with another build
// of the same Python; without it, those that came stay.
func (p Pip) KeepSeeds(ctx context.Context, seeds []Wanted) error {
	has, err := p.Installed()
	if err != nil {
		return err
	}
	for _, seed := range missingFrom(seeds, has) {
		err := p.Run(ctx, "install", "--no-deps", "--", seed.Name+"=="+seed.Version)
		if _, failed := errors.AsType[*Error](err); failed {
			p.Notef("%s %s is not to be had: %q gets the one that comes with its Python", seed.Name, seed.Version, p.environment.Name)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// linesFile is a file of lines, for pip to read. It has no name, so that nothing is
// left of it, however this den ends.
func linesFile(lines []string) (*os.File, error) {
	file, err := os.CreateTemp("", "den-requirements-*.txt")
	if err != nil {
		return nil, err
	}
	err = os.Remove(file.Name())
	if err == nil {
		_, err = file.WriteString(strings.Join(lines, "\n") + "\n")
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart) // where to open /dev/fd/3 is to duplicate it
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// completeDependencies installs the missing dependencies of packages. It reports the
// other faults that pip finds; they were there before.
func (p Pip) completeDependencies(ctx context.Context) error {
	said, err := p.check(ctx)
	if err != nil || said == "" {
		return err
	}
	var missing []string
	for line := range strings.Lines(said) {
		// "requests 2.31.0 requires idna, which is not installed."
		before, _, ok := strings.Cut(line, ", which is not installed")
		if _, name, found := strings.Cut(before, " requires "); ok && found {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		if err := p.Run(ctx, "install", append([]string{"--"}, missing...)...); err != nil {
			return err
		}
		if said, err = p.check(ctx); err != nil {
			return err
		}
	}
	if said != "" {
		p.warnConflicts(said)
	}
	return nil
}

// WarnConflicts warns of packages that do not fit together.
func (p Pip) WarnConflicts(ctx context.Context) error {
	said, err := p.check(ctx)
	if err == nil && said != "" {
		p.warnConflicts(said)
	}
	return err
}

func (p Pip) warnConflicts(said string) {
	p.Warnf("packages of %q do not fit together:\n    %s", p.environment.Name, strings.ReplaceAll(strings.TrimSpace(said), "\n", "\n    "))
}
