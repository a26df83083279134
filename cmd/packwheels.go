package cmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/exact"
	"den/cmd/hint"
	"den/cmd/pip"
	"den/env"
	"den/env/disk"
	"den/env/layout"
	"den/env/lockfile"
	"den/env/pack"
	"den/env/packages"
	"den/env/python"
)

// wheelsSuffix is what the names of packed wheels end with.
const wheelsSuffix = "-wheels" + packedSuffix

// wheelOptions are what a person asks for in wheels.
type wheelOptions struct {
	wanted    bool
	forPython string
	platforms []string
}

func (w *wheelOptions) add(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&w.wanted, "wheels", false, "pack the wheels of its packages instead of its files, for another Python or platform")
	f.StringVar(&w.forPython, "for", "", "with --wheels: for this `version` of Python, such as 3.13")
	f.StringArrayVar(&w.platforms, "platform", nil, "with --wheels: for this platform `tag`, such as manylinux_2_28_aarch64 (may be repeated)")
}

// check returns an error for options without --wheels.
func (w wheelOptions) check() error {
	if !w.wanted && (w.forPython != "" || len(w.platforms) > 0) {
		return hint.With(usagef("--for and --platform are for wheels"), "add --wheels")
	}
	return nil
}

// pipArgs are the command of pip that fetches wheels, or builds them, into the
// directory.
func (w wheelOptions) pipArgs(dir string) (command string, args []string) {
	if w.forPython == "" && len(w.platforms) == 0 {
		return "wheel", []string{"--wheel-dir", dir}
	}
	args = []string{"--dest", dir, "--only-binary=:all:"}
	if w.forPython != "" {
		args = append(args, "--python-version", w.forPython)
	}
	for _, platform := range w.platforms {
		args = append(args, "--platform", platform)
	}
	return "download", args
}

// packWheels packs the exact packages of an environment as wheels, and the list of
// them with their hashes.
func (a *app) packWheels(ctx context.Context, p packOptions) error {
	e, err := a.environment(p.name)
	if err != nil {
		return a.suggest(err)
	}
	if p.output == "" {
		p.output = e.Name + wheelsSuffix
	}
	if err := a.checkOutput(p); err != nil {
		return err
	}
	job, err := a.packJobOf(ctx, e, p.version, pack.Refuse)
	if err != nil {
		return fmt.Errorf("packing %q: %w", e.Name, err)
	}
	installed, err := packages.Read(job.site)
	if err != nil {
		return err
	}
	work, err := disk.NewWorkDir()
	if err != nil {
		return err
	}
	defer work.Remove()
	dir := work.Path
	if err := a.gatherWheels(ctx, e, toWheels(e, installed), p.wheels, dir); err != nil {
		return hint.With(fmt.Errorf("packing the wheels of %q: %w", e.Name, err), "to see what pip says: den run %s pip wheel --no-deps PACKAGE", hint.Word(e.Name))
	}
	manifest, err := job.described()
	if err != nil {
		return err
	}
	manifest.Wheels = true
	for _, d := range toWheels(e, installed) {
		manifest.Packages = append(manifest.Packages, pack.Package{Name: d.Name, Version: d.Version})
	}
	contents, err := pack.CollectWheels(ctx, dir, manifest)
	if err != nil {
		return err
	}
	return a.finishPacking(ctx, e, contents, p)
}

// toWheels returns the packages to pack as wheels: all but those that each new
// environment has.
func toWheels(e env.Environment, installed []packages.Distribution) []packages.Distribution {
	listed, _ := exact.Listed(e, installed)
	var all []packages.Distribution
	for _, d := range installed {
		if slices.ContainsFunc(listed, func(l lockfile.Package) bool { return packages.Normalize(l.Name) == packages.Normalize(d.Name) }) {
			all = append(all, d)
		}
	}
	return all
}

// gatherWheels has pip put the wheels into the directory, and lists them there.
func (a *app) gatherWheels(ctx context.Context, e env.Environment, wanted []packages.Distribution, w wheelOptions, dir string) error {
	if len(wanted) == 0 {
		return os.WriteFile(filepath.Join(dir, requirementsName), nil, 0o644)
	}
	its, err := pip.Of(ctx, e, a.console())
	if err != nil {
		return err
	}
	command, args := w.pipArgs(dir)
	args = append(args, "--quiet", "--no-deps", "--")
	for _, d := range wanted {
		if d.Editable != "" {
			args = append(args, d.Editable)
		} else {
			args = append(args, d.Requirement())
		}
	}
	if err := its.Run(ctx, command, args...); err != nil {
		return err
	}
	return listWheels(dir, wanted)
}

// requirementsName is the list of the packed wheels.
const requirementsName = "requirements.txt"

// listWheels writes the list of wheels, by which pip installs these and no others.
func listWheels(dir string, wanted []packages.Distribution) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.whl"))
	if err != nil {
		return err
	}
	var lines strings.Builder
	for _, d := range wanted {
		i := slices.IndexFunc(files, func(file string) bool {
			project, _, _ := strings.Cut(filepath.Base(file), "-")
			return packages.Normalize(project) == packages.Normalize(d.Name)
		})
		if i < 0 {
			return fmt.Errorf("pip reports success, but there is no wheel of %s", d.Name)
		}
		sum, err := sha256Of(files[i])
		if err != nil {
			return err
		}
		fmt.Fprintf(&lines, "%s --hash=sha256:%s\n", d.Pinned(), sum)
	}
	return os.WriteFile(filepath.Join(dir, requirementsName), []byte(lines.String()), 0o644)
}

func sha256Of(path string) (string, error) {
	file, err := disk.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	return hex.EncodeToString(sum.Sum(nil)), err
}

// suitableForWheels finds an interpreter for packed wheels: the one that a person has
// chosen, one of the same version, or else the default one.
func (a *app) suitableForWheels(ctx context.Context, m pack.Manifest, chosen string) (python.Interpreter, error) {
	if chosen != "" {
		return a.finder(chosen).Find(ctx, chosen)
	}
	series := m.Python.Interpreter()
	i, err := a.finder(series).Find(ctx, series)
	if as[*python.NotFoundError](err) {
		return a.finder("").Find(ctx, "")
	}
	return i, err
}

// installWheels makes an environment, in dir, of packed wheels.
func (a *app) installWheels(ctx context.Context, builder layout.Builder, archive *pack.Archive, spec layout.Spec, u unpackOptions, dir, final string) error {
	spec.Pip = true
	if err := builder.Build(ctx, dir, final, spec); err != nil {
		return blameDisk(err, dir)
	}
	wheels := filepath.Join(dir, ".wheels")
	if err := os.Mkdir(wheels, 0o700); err != nil {
		return err
	}
	nothing := func(string) bool { return false }
	if err := archive.Extract(ctx, wheels, nothing, func(int64) {}); err != nil {
		return err
	}
	fresh := env.Environment{Name: u.name, Path: dir}
	its, err := pip.Of(ctx, fresh, a.console())
	if err != nil {
		return err
	}
	if len(archive.Manifest.Packages) > 0 {
		args := []string{"--quiet", "--no-index", "--find-links", wheels, "--no-deps", "--require-hashes", "-r", filepath.Join(wheels, requirementsName)}
		if !u.compile {
			args = append(args, "--no-compile")
		}
		if err := its.Run(ctx, "install", args...); err != nil {
			err = fmt.Errorf("installing its wheels with Python %s failed (%w)", spec.Interpreter.Version, err)
			return hint.With(err, "pack the wheels for it: den pack NAME --wheels --for %s", spec.Interpreter.Version.Series())
		}
	}
	if err := errors.Join(os.RemoveAll(wheels), layout.RepairScripts(dir)); err != nil {
		return err
	}
	if _, err := layout.Move(ctx, dir, dir, final, dir); err != nil {
		return err
	}
	return a.settle(archive.Manifest, fresh, env.Environment{Name: u.name, Path: final}, dir)
}
