package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"den/cmd/hint"
	"den/cmd/quantity"
	"den/env"
	"den/env/digest"
	"den/env/disk"
	"den/env/layout"
	"den/env/pack"
	"den/env/python"
	"den/env/tree"
)

// packedSuffix is what the names of packed environments end with.
const packedSuffix = ".tar.zst"

// packOptions are what a person asks for when they pack an environment.
type packOptions struct {
	wheels  wheelOptions
	name    string
	output  string
	format  string
	image   imageOptions
	asJSON  bool
	version string // den's
	outsideFlag
}

func (a *app) packCommand() *cobra.Command {
	var p packOptions
	c := &cobra.Command{
		Use:        "pack NAME",
		SuggestFor: []string{"archive", "bundle"},
		Short:      "Pack an environment into one file",
		Long: `Packs the environment NAME into one file. On another machine with the same Python
and the same platform, "den unpack" makes an environment of it. The file names the
Python that it needs, and the hash of each file in it. The same environment always
gives the same bytes.

den packs neither the interpreter nor bytecode nor the project. If the environment has
an editable install, or a link that leads out of it, den refuses: choose --omit to
leave that out, or --follow to pack it too.

With --wheels, the file has the wheels of the environment's packages instead. pip
fetches or builds them here, and "den unpack" installs them there without a network.
They can be for another Python and, with --for and --platform, for another platform.
Your own files in the environment are not packed then.

With --format oci, den writes a directory instead of a file: an OCI image layout, with
the environment as one layer, at --at PATH. skopeo and other tools copy it to a
registry. --base puts it on top of another image, such as one with a Python.`,
		Example: `  den pack web                 to web.tar.zst
  den pack web -o /tmp/web.tar.zst
  den pack web --follow        with the sources of editable installs
  den pack web --format oci --at /opt/web --base python-3.12    to web.oci`,
		Args: exactlyOne("environment"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p.name, p.version = args[0], denVersion(cmd)
			if p.format == formatOCI {
				return a.packImage(cmd.Context(), p)
			}
			if err := cmp.Or(p.checkFormat(), p.wheels.check()); err != nil {
				return err
			}
			if p.wheels.wanted {
				return a.packWheels(cmd.Context(), p)
			}
			return a.pack(cmd.Context(), p)
		},
	}
	f := c.Flags()
	f.StringVarP(&p.output, "output", "o", "", "write to this `file`, - is standard output (default NAME"+packedSuffix+", or NAME"+imageSuffix+")")
	f.BoolVar(&p.asJSON, "json", false, "print JSON")
	f.StringVar(&p.format, "format", formatFile, "a `format`: "+hint.Join(packFormats, " or "))
	p.image.add(c)
	p.wheels.add(c)
	c.MarkFlagsMutuallyExclusive("wheels", "format")
	p.outsideFlag.add(c)
	return c
}

// denVersion is the version of this den, without the commit.
func denVersion(c *cobra.Command) string {
	version, _, _ := strings.Cut(c.Root().Version, " ")
	return version
}

// An outsideFlag says what becomes of what leads out of an environment.
type outsideFlag struct{ follow, omit bool }

func (o *outsideFlag) add(c *cobra.Command) {
	c.Flags().BoolVar(&o.follow, "follow", false, "pack what leads out of the environment with it")
	c.Flags().BoolVar(&o.omit, "omit", false, "leave out what leads out of the environment")
	c.MarkFlagsMutuallyExclusive("follow", "omit")
}

func (o outsideFlag) policy() pack.Policy {
	switch {
	case o.follow:
		return pack.Follow
	case o.omit:
		return pack.Omit
	}
	return pack.Refuse
}

// A packed is what was packed, for a program.
type packed struct {
	File     string         `json:"file"`
	Size     int64          `json:"size"`
	Name     string         `json:"name"`
	Python   pack.Python    `json:"python"`
	Packages []pack.Package `json:"packages"`
	Files    int            `json:"files"`
	Bytes    int64          `json:"bytes"`
}

func (a *app) pack(ctx context.Context, p packOptions) error {
	e, err := a.environment(p.name)
	if err != nil {
		return a.suggest(err)
	}
	if p.output == "" {
		p.output = e.Name + packedSuffix
	}
	if err := a.checkOutput(p); err != nil {
		return err
	}
	overlay, err := disk.NewWorkDir()
	if err != nil {
		return err
	}
	defer overlay.Remove()
	stop := a.spin(fmt.Sprintf("reading %s", printable(e.Name)))
	defer stop()
	job, err := a.packJobOf(ctx, e, p.version, p.policy())
	if err != nil {
		return fmt.Errorf("packing %q: %w", e.Name, err)
	}
	contents, stuck, err := a.collect(ctx, job, overlay.Path)
	stop()
	if err != nil {
		again := "den pack " + hint.Word(e.Name)
		if p.output != e.Name+packedSuffix {
			again += " -o " + hint.Path(p.output)
		}
		return explainOutside(fmt.Errorf("packing %q: %w", e.Name, err), again)
	}
	a.warnStuck(e, e.Path, stuck)
	a.notePacked(e, contents)
	return a.finishPacking(ctx, e, contents, p)
}

// finishPacking writes the packed file, and says so.
func (a *app) finishPacking(ctx context.Context, e env.Environment, contents *pack.Contents, p packOptions) error {
	written, err := a.writePacked(ctx, contents, p.output)
	if err != nil {
		return fmt.Errorf("packing %q: %w", e.Name, err)
	}
	m := contents.Manifest
	if p.asJSON {
		return a.printJSON(packed{p.output, written, m.Name, m.Python, m.Packages, len(m.Files), m.Size()})
	}
	a.donef("packed %q into %s: %s, %s, from %s", e.Name, p.output, countOf(len(m.Files), "file"), quantity.Size(written), quantity.Size(m.Size()))
	return nil
}

// checkOutput returns an error unless the packed file can be put where it is to be, by
// what can be seen before there is one.
func (a *app) checkOutput(p packOptions) error {
	output := p.output
	if output == "-" && (p.asJSON || p.wheels.wanted || isTerminal(a.stdout)) {
		return hint.With(errors.New("standard output cannot take the packed file"), "name a file: den pack %s -o %s", hint.Word(p.name), hint.Path(p.name+packedSuffix))
	}
	at, statErr := os.Stat(output)
	if output == "-" || statErr == nil && !at.IsDir() && !at.Mode().IsRegular() {
		return nil // see writeOutput
	}
	dir := filepath.Dir(output)
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return hint.With(fmt.Errorf("there is no directory %s", dir), "make it: mkdir -p %s", hint.Path(dir))
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is no directory", dir)
	case unix.Access(dir, unix.W_OK) != nil:
		return hint.With(fmt.Errorf("you may not write into the directory %s", dir), "name a file in another: -o FILE")
	}
	if statErr == nil && at.IsDir() {
		return hint.With(fmt.Errorf("%s is a directory", output), "name a file: -o FILE")
	}
	return nil
}

// standIn is the path that packed files say for the one of the environment.
func standIn(name string) string { return "/den-packed/" + name }

// A packJob is an environment that is to be packed.
type packJob struct {
	environment env.Environment
	site        string // its site-packages
	manifest    pack.Manifest
	platform    func() (python.Platform, error) // of its Python, which is being asked
	outside     pack.Policy
	memory      *digest.Memory // of the files
}

// described is the manifest with the platform.
func (p packJob) described() (m pack.Manifest, err error) {
	m = p.manifest
	m.Python.Platform, err = p.platform()
	return m, err
}

// packJobOf finds out what there is to pack.
func (a *app) packJobOf(ctx context.Context, e env.Environment, den string, outside pack.Policy) (packJob, error) {
	p := packJob{environment: e, outside: outside, memory: layout.Remember(a.settings.cacheDir("files"), e.Path)}
	err := a.describePacked(ctx, &p)
	p.manifest.Den = den
	return p, err
}

// collect finds the files of an environment. Those that say its path are changed to
// say the one in the manifest, in the directory overlay. It returns the files that
// cannot be changed.
func (a *app) collect(ctx context.Context, p packJob, overlay string) (c *pack.Contents, stuck []string, err error) {
	e := p.environment
	defer p.memory.Save()
	final := env.Environment{Name: p.manifest.Name, Path: p.manifest.Path}
	if stuck, err = adapt(ctx, e, final, e.Path, overlay, p.memory); err != nil {
		return nil, nil, err
	}
	projectFile, err := a.settings.text(keyProjectFilename)
	if err != nil {
		return nil, nil, err
	}
	manifest, err := p.described()
	if err != nil {
		return nil, nil, err
	}
	c, err = pack.Collect(ctx, pack.Source{Dir: e.Path, Site: p.site, Overlay: overlay, Manifest: manifest, Outside: p.outside, Memory: p.memory, ProjectFile: projectFile})
	return c, stuck, err
}

// describePacked finds out what the manifest says of the environment itself, and the
// directory of its packages.
func (a *app) describePacked(ctx context.Context, p *packJob) error {
	e := p.environment
	if err := a.check(e); err != nil {
		return err
	}
	config, err := env.ReadConfig(e.Path)
	if err != nil {
		return err
	}
	if p.site, err = e.SitePackages(); err != nil {
		return err
	}
	finder := a.finder(e.Python())
	interpreter, err := finder.Find(ctx, e.Python())
	if err != nil {
		return err
	}
	p.platform = sync.OnceValues(func() (python.Platform, error) { return finder.Platform(ctx, interpreter) })
	go p.platform()
	p.manifest = pack.Manifest{
		Name: e.Name, Path: standIn(e.Name),
		Python:             pack.Python{Version: interpreter.Version, Implementation: interpreter.Implementation, FreeThreaded: interpreter.FreeThreaded},
		SystemSitePackages: config.SystemSitePackages(),
		Config:             config.Further(),
	}
	if prompt := e.Prompt(); prompt != e.Name {
		p.manifest.Prompt = prompt
	}
	return nil
}

// notePacked reports what is not packed as a person might expect.
func (a *app) notePacked(e env.Environment, c *pack.Contents) {
	for _, path := range c.Skipped {
		a.notef("%s is not a file, and is not packed", printable(filepath.Join(e.Path, path)))
	}
	if changed := c.Manifest.Changed; len(changed) > 0 {
		a.warnf("%s of packages in %q changed or vanished after they were installed, such as %s", countOf(len(changed), "file"), e.Name, printable(changed[0]))
	}
	if c.Manifest.SystemSitePackages {
		a.notef("%q sees the packages of its Python, and those are not packed", e.Name)
	}
}

// writePacked writes the file, whole or not at all, and returns its size. It is for
// the person alone if a file in it is.
func (a *app) writePacked(ctx context.Context, c *pack.Contents, output string) (written int64, err error) {
	mode := os.FileMode(0o666)
	if slices.ContainsFunc(c.Manifest.Files, func(f pack.File) bool { return f.SHA256 != "" && f.Mode&0o044 == 0 }) {
		mode = 0o600
	}
	var progress tree.Progress
	progress.Total.Store(c.Manifest.Size())
	stop := a.showCopying("packing "+printable(c.Manifest.Name), &progress)
	defer stop()
	err = a.writeOutput(output, mode, func(w io.Writer) error {
		counted := &counter{Writer: w}
		defer func() { written = counted.bytes }()
		return c.Write(ctx, counted, func(bytes int64) { progress.Done.Add(bytes) })
	})
	return written, err
}

// A counter counts what is written.
type counter struct {
	io.Writer
	bytes int64
}

func (c *counter) Write(p []byte) (n int, err error) {
	n, err = c.Writer.Write(p)
	c.bytes += int64(n)
	return n, err
}

// explainOutside gives an error for what leads out of an environment its next steps;
// again is the command that failed.
func explainOutside(err error, again string) error {
	if !as[*pack.OutsideError](err) {
		return err
	}
	return hint.WithAll(err, "to leave that out: "+again+" --omit", "to pack what it leads to: "+again+" --follow")
}
