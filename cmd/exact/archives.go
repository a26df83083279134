package exact

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"

	"den/cmd/pip"
	"den/env"
	"den/env/disk"
	"den/env/lockfile"
	"den/env/packages"
	"den/env/python"
	"den/env/python/child"
)

// Listed returns the packages of an environment that a list names: all but pip, and
// setuptools and wheel that came with the environment and that no package needs. A
// package from an archive on this machine that is gone counts as one from the index.
func Listed(e env.Environment, installed []packages.Distribution) (all []lockfile.Package, gone []packages.Distribution) {
	removable, _ := pip.Removable(e, installed)
	var needed []string
	for _, d := range installed {
		needed = append(needed, d.Requires()...)
	}
	for _, d := range installed {
		name := packages.Normalize(d.Name)
		if name == "pip" || !slices.Contains(removable, d.Name) && !slices.Contains(needed, name) {
			continue
		}
		p := lockfile.Of([]packages.Distribution{d})[0]
		if p.Archive != nil && p.Archive.Path != "" && disk.IsGone(p.Archive.Path) {
			p.Archive = nil
			gone = append(gone, d)
		}
		all = append(all, p)
	}
	return all, gone
}

// A Lookup finds the archives of packages.
type Lookup struct {
	Environment env.Environment
	Environ     []string
	// Pip returns a pip that runs in the environment.
	Pip func(ctx context.Context) (pip.Pip, error)
}

// Find gives each package from the index its archives, and each archive its hash and
// size. uv comes first, because it knows the archives for all platforms and their
// sizes; but where pip has an index of its own in its settings, only pip knows what
// those mean. Otherwise the environment's pip, 22.2 or later, finds the archives for
// this Python.
func (l Lookup) Find(ctx context.Context, all []lockfile.Package) error {
	for i := range all {
		if a := all[i].Archive; a != nil && a.Path != "" {
			if err := measure(a); err != nil {
				return err
			}
		}
	}
	var wanted []lockfile.Package
	for _, p := range all {
		if isIncomplete(p) {
			wanted = append(wanted, p)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	found, err := l.ask(ctx, wanted)
	if err != nil {
		return err
	}
	for i, p := range all {
		if !isIncomplete(p) {
			continue
		}
		f := found[slices.IndexFunc(found, func(f lockfile.Package) bool { return answers(f, p) })]
		if p.Archive != nil {
			all[i].Archive.Hashes = f.Archive.Hashes
		} else {
			all[i].Sdist, all[i].Wheels, all[i].Index = f.Sdist, f.Wheels, f.Index
		}
	}
	return nil
}

// answers reports whether a tool has found the archives of a package. Settings of the
// tool may override its version.
func answers(found, wanted lockfile.Package) bool {
	if found.Name != wanted.Name {
		return false
	}
	if wanted.Archive != nil {
		return found.Archive != nil && !isIncomplete(found)
	}
	return lockfile.IsSameVersion(found.Version, wanted.Version) && found.IsHashed()
}

// unanswered returns an error that names a package which a tool has not found.
func unanswered(found, wanted []lockfile.Package) error {
	for _, w := range wanted {
		if !slices.ContainsFunc(found, func(f lockfile.Package) bool { return answers(f, w) }) {
			return fmt.Errorf("it names no archive of %s with a hash", w)
		}
	}
	return nil
}

// isIncomplete reports whether a package lacks a hash that a list needs.
func isIncomplete(p lockfile.Package) bool {
	if p.Archive != nil {
		_, digest := p.Archive.Hash()
		return digest == ""
	}
	return p.IsFromIndex() && !p.IsHashed()
}

// ask returns the archives of packages, as the first tool finds them that can find all.
func (l Lookup) ask(ctx context.Context, wanted []lockfile.Package) ([]lockfile.Package, error) {
	var lines []string
	for _, p := range wanted {
		lines = append(lines, p.Line())
	}
	var uvFailed error
	if uv, missing := exec.LookPath("uv"); missing == nil && !child.HasPipIndex(l.Environ, l.Environment.Path) {
		found, err := l.askUv(ctx, uv, lines)
		if err == nil {
			err = unanswered(found, wanted)
		}
		if err == nil || ctx.Err() != nil {
			return found, err
		}
		uvFailed = fmt.Errorf("uv: %w", err)
	}
	its, err := l.Pip(ctx)
	if err == nil {
		var found []lockfile.Package
		if found, err = askPip(ctx, its, lines); err == nil {
			if err = unanswered(found, wanted); err == nil {
				return found, nil
			}
			err = fmt.Errorf("pip: %w", err)
		}
	}
	if _, tried := errors.AsType[*pip.Error](err); uvFailed != nil && !tried {
		return nil, uvFailed
	}
	return nil, err
}

// askUv lets uv write a pylock.toml for requirements.
func (l Lookup) askUv(ctx context.Context, uv string, lines []string) ([]lockfile.Package, error) {
	c := exec.CommandContext(ctx, uv, "pip", "compile", "--quiet", "--no-deps", "--no-header", "--generate-hashes",
		"--format", "pylock.toml", "--python", l.Environment.Python(), "-")
	c.Env = child.Environ(l.Environ)
	c.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		if last := child.LastLines(said.String(), 1); len(last) > 0 {
			err = errors.New(strings.TrimSpace(strings.TrimLeft(last[0], " ╰▶─")))
		}
		return nil, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	f, err := lockfile.ParsePylock(out, dir)
	return f.Packages, err
}

// errOldPip says that pip has no --report.
var errOldPip = errors.New("only uv, or pip 22.2 or later, can ask the index for archives")

// A report is what "pip install --report" says, as far as den reads it.
// https://pip.pypa.io/en/stable/reference/installation-report/
type report struct {
	Install []struct {
		From     packages.DirectURL `json:"download_info"`
		Metadata struct {
			Name    string `json:"name"`
			Version string `json:"version"`
		} `json:"metadata"`
	} `json:"install"`
}

func askPip(ctx context.Context, its pip.Pip, lines []string) (found []lockfile.Package, err error) {
	if its.IsBefore(22, 2) {
		return nil, errOldPip
	}
	out, err := its.Output(ctx, lines, "install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps", "--report", "-", "-r", pip.LinesFile)
	if err != nil {
		return nil, err
	}
	var r report
	if err := json.Unmarshal(out, &r); err != nil {
		return nil, fmt.Errorf("reading the report of pip: %w", err)
	}
	for _, installed := range r.Install {
		d := packages.Distribution{Name: installed.Metadata.Name, Version: installed.Metadata.Version, Direct: &installed.From}
		p := lockfile.Of([]packages.Distribution{d})[0]
		if p.Archive == nil {
			continue
		}
		if p.Archive.Path != "" {
			if err := measure(p.Archive); err != nil {
				return nil, err
			}
		}
		if strings.HasSuffix(p.Archive.FileName(), ".whl") {
			p.Wheels = []lockfile.Archive{*p.Archive}
		} else {
			p.Sdist = p.Archive
		}
		found = append(found, p)
	}
	return found, nil
}

// measure gives an archive on this machine its size and hash.
func measure(a *lockfile.Archive) error {
	file, err := disk.Open(a.Path)
	if errors.Is(err, fs.ErrNotExist) && a.Hashes["sha256"] != "" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading an archive that is installed: %w", err)
	}
	defer file.Close()
	sum := sha256.New()
	if a.Size, err = io.Copy(sum, file); err != nil {
		return err
	}
	digest := hex.EncodeToString(sum.Sum(nil))
	if recorded := a.Hashes["sha256"]; recorded != "" && recorded != digest {
		return fmt.Errorf("%s has changed since it was installed", a.Path)
	}
	a.Hashes = map[string]string{"sha256": digest}
	return nil
}

// RequiresPython returns the specifier of the Pythons that a list of what an
// environment has is for: its own series, and later ones.
func RequiresPython(e env.Environment) string {
	version, err := python.ParseVersion(e.PythonVersion())
	if err != nil {
		return ""
	}
	return fmt.Sprintf(">=%d.%d", version.Major, version.Minor)
}
