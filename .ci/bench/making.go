package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// makings is how often each way to make an environment is timed, after once
// that does not count.
const makings = 11

// A way is a way to make an environment.
type way struct {
	name     string
	command  func(path string) []string // makes it at path
	settings []string                   // for it alone
	pip      bool                       // time the first "pip --version" in it as well

	making, pipping []float64 // seconds
}

// A workshop is where environments are made. Nothing that was made is removed
// before the end: some file systems are slow to make files for minutes after
// others were deleted, and those who make many files would pay for it.
type workshop struct {
	*scene
	dir, den, uv, virtualenv string
}

// measureMaking measures how long it takes to make environments.
func measureMaking(ctx context.Context, s *scene) ([]row, error) {
	peers := s.peers()
	w := workshop{
		scene: s, dir: filepath.Join(s.home, "made"), den: filepath.Join(s.home, "bin", "den"),
		uv: filepath.Join(peers, "uv"), virtualenv: filepath.Join(peers, "virtualenv"),
	}
	if err := w.installPeers(ctx, peers); err != nil {
		return nil, err
	}
	var rows []row
	for _, measure := range []func(context.Context) ([]row, error){w.measureWarm, w.measureSeries, w.measureBare, w.measureCold, w.measureRoom} {
		measured, err := measure(ctx)
		if err != nil {
			return nil, err
		}
		rows = append(rows, measured...)
	}
	return rows, nil
}

// installPeers installs the peers that come from the package index.
func (w workshop) installPeers(ctx context.Context, bin string) error {
	progress("installing uv, virtualenv, virtualenv-clone and pew")
	if err := w.do(ctx, nil, w.python, "-m", "venv", filepath.Dir(bin)); err != nil {
		return err
	}
	if err := w.do(ctx, nil, filepath.Join(bin, "pip"), "install", "--quiet", "--disable-pip-version-check", "uv", "virtualenv", "virtualenv-clone", "pew"); err != nil {
		return err
	}
	// uv has pip from the index, and keeps it; what is timed needs no network.
	return w.do(ctx, nil, w.uvWay("--seed").command(filepath.Join(w.dir, "filling"))...)
}

// measureWarm measures with all caches filled.
func (w workshop) measureWarm(ctx context.Context) ([]row, error) {
	den, compiled := w.denWay("warm"), w.denWay("compiled")
	compiled.settings = []string{"DEN_BYTECODE=always"}
	uv, virtualenv, venv := w.uvWay("--seed", "--offline"), w.virtualenvWay(), w.venvWay()
	synced := w.syncedWay(uv)
	den.pip, compiled.pip, uv.pip, venv.pip = true, true, true, true
	if err := w.measure(ctx, "pip", nil, den, compiled, uv, synced, virtualenv, venv); err != nil {
		return nil, err
	}
	const what, whole, pip = "`den mk`", "`den mk` with bytecode", "the first `pip --version` in it"
	return []row{
		compare(what, den, uv, faster(1)),
		compare(what, den, synced, faster(1)),
		compare(what, den, virtualenv, faster(5)),
		compare(what, den, venv, faster(50)),
		compare(whole, compiled, virtualenv, faster(5)),
		compare(whole, compiled, venv, faster(30)),
		{what: pip + ", with bytecode", den: median(compiled.pipping), peer: median(venv.pipping), peerName: venv.name, predicted: within(1.1)},
		{what: pip + ", without", den: median(den.pipping), peer: median(uv.pipping), peerName: uv.name, predicted: within(1.1)},
	}, nil
}

// series is how many environments are made one right after the other in what
// measureSeries times, five times.
const series = 10

// measureSeries measures what a script sees that makes many environments and
// does nothing else.
func (w workshop) measureSeries(ctx context.Context) ([]row, error) {
	progress("making environments: in a row")
	den, uv := w.denWay("series"), w.uvWay("--seed", "--offline")
	synced := w.syncedWay(uv)
	for round := range 5 {
		for i, one := range []*way{den, uv, synced} {
			began := time.Now()
			for j := range series {
				path := filepath.Join(w.dir, fmt.Sprintf("series-%d-%d-%d", i, round, j))
				if err := w.do(ctx, nil, one.command(path)...); err != nil {
					return nil, err
				}
			}
			one.making = append(one.making, time.Since(began).Seconds())
		}
	}
	const what = "`den mk`, ten in a row"
	return []row{compare(what, den, uv, faster(1)), compare(what, den, synced, faster(1))}, nil
}

// measureBare measures without pip.
func (w workshop) measureBare(ctx context.Context) ([]row, error) {
	den, uv, venv := w.denWay("bare", "--without-pip"), w.uvWay(), w.venvWay("--without-pip")
	if err := w.measure(ctx, "bare", nil, den, uv, venv); err != nil {
		return nil, err
	}
	const what = "`den mk --without-pip`"
	return []row{compare(what, den, uv, faster(1)), compare(what, den, venv, faster(10))}, nil
}

// measureCold measures with caches that are empty each time. uv fetches pip
// from the index then.
func (w workshop) measureCold(ctx context.Context) ([]row, error) {
	den, uv, virtualenv, venv := w.denWay("cold"), w.uvWay("--seed"), w.virtualenvWay(), w.venvWay()
	round := 0
	empty := func() []string {
		round++
		cache := filepath.Join(w.dir, "caches", fmt.Sprint(round))
		return []string{"XDG_CACHE_HOME=" + cache, "UV_CACHE_DIR=" + cache + "/uv", "VIRTUALENV_OVERRIDE_APP_DATA=" + cache + "/virtualenv"}
	}
	if err := w.measure(ctx, "cold", empty, den, uv, virtualenv, venv); err != nil {
		return nil, err
	}
	const what = "`den mk`, empty cache"
	return []row{compare(what, den, uv, faster(1)), compare(what, den, virtualenv, faster(2)), compare(what, den, venv, faster(10))}, nil
}

func compare(what string, den, peer *way, predicted prediction) row {
	return row{what: what, den: median(den.making), peer: median(peer.making), peerName: peer.name, predicted: predicted}
}

func (w workshop) denWay(home string, args ...string) *way {
	home = filepath.Join(w.dir, home)
	return &way{name: "den", command: func(path string) []string {
		return append([]string{w.den, "mk", "--workon-home", home, "-p", w.python, filepath.Base(path)}, args...)
	}}
}

func (w workshop) uvWay(args ...string) *way {
	return &way{name: named("uv venv", args), command: func(path string) []string {
		return append([]string{w.uv, "venv", "--quiet", "--no-project", "--python", w.python, path}, args...)
	}}
}

// syncedWay is another way, and waits until all is on the disk, as den does.
func (w workshop) syncedWay(other *way) *way {
	return &way{name: other.name + " and `sync -f`", command: func(path string) []string {
		return append([]string{"sh", "-c", `"$@" && sync -f "$0"`, w.dir}, other.command(path)...)
	}}
}

func (w workshop) virtualenvWay() *way {
	return &way{name: "virtualenv", command: func(path string) []string {
		return []string{w.virtualenv, "--quiet", "--python", w.python, path}
	}}
}

func (w workshop) venvWay(args ...string) *way {
	return &way{name: named("python -m venv", args), command: func(path string) []string {
		return slices.Concat([]string{w.python, "-m", "venv"}, args, []string{path})
	}}
}

func named(command string, args []string) string {
	return "`" + strings.Join(append([]string{command}, args...), " ") + "`"
}

// measure times the ways in turn, so that a machine that is busier for a while
// weighs on all alike. caches, if given, returns settings for each time.
func (w workshop) measure(ctx context.Context, kind string, caches func() []string, ways ...*way) error {
	progress("making environments: " + kind)
	for round := range makings + 1 {
		for i, one := range ways {
			var settings []string
			if caches != nil {
				settings = caches()
			}
			if err := w.time(ctx, one, fmt.Sprintf("%s-%d-%d", kind, i, round), settings, round > 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// make makes one environment, and returns its path and how many seconds it took.
func (w workshop) make(ctx context.Context, one *way, name string, settings []string) (path string, took float64, err error) {
	path = filepath.Join(w.dir, name)
	argv := one.command(path)
	if i := slices.Index(argv, "--workon-home"); i >= 0 {
		path = filepath.Join(argv[i+1], name)
	}
	if took, err = w.clock(ctx, append(settings, one.settings...), argv...); err != nil {
		return "", 0, err
	}
	if _, err := os.Stat(filepath.Join(path, "bin", "python")); err != nil {
		return "", 0, fmt.Errorf("%s made nothing: %w", one.name, err)
	}
	return path, took, nil
}

// time makes one environment.
func (w workshop) time(ctx context.Context, one *way, name string, settings []string, counts bool) error {
	path, took, err := w.make(ctx, one, name, settings)
	if err != nil {
		return err
	}
	if counts {
		one.making = append(one.making, took)
	}
	if !one.pip {
		return nil
	}
	if took, err = w.clock(ctx, nil, filepath.Join(path, "bin", "pip"), "--version"); err == nil && counts {
		one.pipping = append(one.pipping, took)
	}
	return err
}

// clock runs a command and returns how many seconds it took. den waits for the
// disk; what others have written before is not to be counted for it.
func (w workshop) clock(ctx context.Context, settings []string, args ...string) (float64, error) {
	syscall.Sync()
	began := time.Now()
	err := w.do(ctx, settings, args...)
	return time.Since(began).Seconds(), err
}

func (w workshop) do(ctx context.Context, settings []string, args ...string) error {
	if out, err := w.command(ctx, w.environ(append(network(), settings...)...), args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// network is what this machine's programs have to know to reach the package
// index.
func network() []string {
	return slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(strings.ToUpper(entry), "=")
		return !strings.HasSuffix(name, "_PROXY") && !slices.ContainsFunc([]string{"PIP_", "UV_", "SSL_", "REQUESTS_"}, func(prefix string) bool {
			return strings.HasPrefix(name, prefix)
		})
	})
}
