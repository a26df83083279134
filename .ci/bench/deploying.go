package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// deployments is how often each way to carry an environment away is timed.
const deployments = 3

// A deployment is the large environment that goes elsewhere, and where.
type deployment struct {
	*scene
	den, home, ssh string
	times          map[string][]float64
}

// measureDeploying measures how long it takes to pack an environment with large
// packages (about 220 MB without bytecode), to unpack it, and to send it to another
// directory by a command in the place of ssh.
func measureDeploying(ctx context.Context, s *scene) ([]row, error) {
	progress("packing, unpacking and pushing a large environment")
	d := deployment{s, filepath.Join(s.home, "bin", "den"), filepath.Join(s.home, "deployed"), filepath.Join(s.home, "bin", "fakessh"), map[string][]float64{}}
	if err := d.prepare(ctx); err != nil {
		return nil, err
	}
	for i := range deployments {
		if err := d.round(ctx, i); err != nil {
			return nil, err
		}
	}
	at := func(name string) float64 { return median(d.times[name]) }
	compared := func(what, peer string, predicted prediction) row {
		return row{what: what, den: at(what), peer: at(peer), peerName: "`" + peer + "`", predicted: predicted}
	}
	return []row{
		compared("`den pack`", "tar --zstd", within(1.1)),
		compared("`den pack`", "venv-pack", faster(5)),
		compared("`den unpack`", "tar -x", within(3)),
		compared("`den unpack`", "tar -x, sync -f", within(1.5)),
		compared("`den push`", "rsync -a", within(3)),
		compared("`den push` again, nothing changed", "rsync -a, again", prediction{}),
		compared("`den push` after a package has changed", "rsync -a, after it", prediction{}),
	}, nil
}

// prepare makes the environment, and installs venv-pack.
func (d deployment) prepare(ctx context.Context) error {
	script := "#!/bin/sh\nshift\ncd \"$HOME\" || exit\nunset WORKON_HOME\nexec sh -c \"$*\"\n"
	if err := os.WriteFile(d.ssh, []byte(script), 0o755); err != nil {
		return err
	}
	for _, args := range [][]string{
		{filepath.Join(d.peers(), "pip"), "install", "--quiet", "--disable-pip-version-check", "venv-pack", "setuptools<81"},
		{d.den, "mk", "--workon-home", d.home, "-p", d.python, "large", "-i", "numpy", "-i", "scipy", "-i", "pandas"},
	} {
		if _, err := d.timed(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

// round times each way once.
func (d deployment) round(ctx context.Context, i int) error {
	large, there := filepath.Join(d.home, "large"), filepath.Join(d.home, fmt.Sprintf("plain-%d", i))
	file := func(name string) string { return filepath.Join(d.home, name) }
	push := []string{"env", "DEN_SSH=" + d.ssh, d.den, "push", "--workon-home", d.home, "large", "host", "--no-check", "--to", filepath.Join(d.home, fmt.Sprintf("pushed-%d", i))}
	rsync := []string{"rsync", "-a", "--exclude=__pycache__", "-e", d.ssh, large, "host:" + there + "-rsync"}
	for _, step := range []struct {
		name string
		args []string
	}{
		{"`den pack`", []string{d.den, "pack", "--workon-home", d.home, "large", "-o", file("large.den.tar.zst")}},
		{"tar --zstd", []string{"tar", "--zstd", "--exclude=__pycache__", "-C", d.home, "-cf", file("large.tar.zst"), "large"}},
		{"venv-pack", []string{filepath.Join(d.peers(), "venv-pack"), "--quiet", "--force", "-p", large, "-o", file("large.tar.gz")}},
		{"`den unpack`", []string{d.den, "unpack", "--workon-home", d.home, file("large.den.tar.zst"), fmt.Sprintf("unpacked-%d", i)}},
		{"", []string{"mkdir", there, there + "-synced"}},
		{"tar -x", []string{"tar", "--zstd", "-C", there, "-xf", file("large.tar.zst")}},
		{"tar -x, sync -f", []string{"sh", "-c", `tar --zstd -C "$1" -xf "$2" && sync -f "$1"`, "sh", there + "-synced", file("large.tar.zst")}},
		{"`den push`", push},
		{"rsync -a", rsync},
		{"`den push` again, nothing changed", push},
		{"rsync -a, again", rsync},
		{"", []string{"sh", "-c", `for file in "$1"/lib/python*/site-packages/dateutil/*.py; do echo "# $2" >>"$file"; done`, "sh", large, fmt.Sprint(i)}},
		{"`den push` after a package has changed", push},
		{"rsync -a, after it", rsync},
	} {
		took, err := d.timed(ctx, step.args...)
		if err != nil {
			return err
		}
		d.times[step.name] = append(d.times[step.name], took)
	}
	return nil
}
