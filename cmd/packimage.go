package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/env/disk"
	"den/env/oci"
	"den/env/store"
	"den/env/tree"
)

// The formats in which den packs.
const (
	formatFile = "zst"
	formatOCI  = "oci"
)

var packFormats = []string{formatFile, formatOCI}

// imageSuffix is what the names of image layouts end with.
const imageSuffix = ".oci"

// imageOptions are what a person asks for in an image.
type imageOptions struct{ at, base, python, tag string }

func (i *imageOptions) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&i.at, "at", "", "with oci: the `path` of the environment in the image (default /opt/NAME)")
	f.StringVar(&i.base, "base", "", "with oci: put it on top of the image in this `layout`, DIRECTORY or DIRECTORY:TAG")
	f.StringVar(&i.python, "python", "", "with oci: the `path` of the Python in the image (default the one in --base)")
	f.StringVar(&i.tag, "tag", "latest", "with oci: the `name` of the image in the layout")
}

// checkFormat returns an error for a format that there is not, and for options of
// another one.
func (p packOptions) checkFormat() error {
	if p.format != formatFile {
		return usagef("--format is %q, and has to be %s", p.format, hint.Join(packFormats, " or "))
	}
	if p.image.at+p.image.base+p.image.python != "" {
		return hint.With(usagef("--at, --base and --python are for images"), "add --format oci")
	}
	return nil
}

// completeImage sets what is not given, and returns an error for a path that cannot be.
func (p *packOptions) completeImage() error {
	if p.image.at == "" {
		p.image.at = "/opt/" + p.name
	}
	if p.output == "" {
		p.output = p.name + imageSuffix
	}
	for flag, value := range map[string]string{"--at": p.image.at, "--python": p.image.python} {
		if value != "" && (!path.IsAbs(value) || path.Clean(value) != value || value == "/" || strings.ContainsAny(value, ":\n")) {
			return usagef("%s is %q, and has to be an absolute path", flag, value)
		}
	}
	if p.image.tag == "" || strings.ContainsAny(p.image.tag, "/:@ ") {
		return usagef("--tag is %q, and has to be a tag", p.image.tag)
	}
	return nil
}

// packImage writes the environment as an image.
func (a *app) packImage(ctx context.Context, p packOptions) error {
	e, err := a.environment(p.name)
	if err != nil {
		return a.suggest(err)
	}
	if err := p.completeImage(); err != nil {
		return err
	}
	overlay, err := disk.NewWorkDir()
	if err != nil {
		return err
	}
	defer overlay.Remove()
	job, err := a.packJobOf(ctx, e, p.version, p.policy())
	if err != nil {
		return fmt.Errorf("packing %q: %w", e.Name, err)
	}
	job.manifest.Path = p.image.at
	contents, stuck, err := a.collect(ctx, job, overlay.Path)
	if err != nil {
		return explainOutside(fmt.Errorf("packing %q: %w", e.Name, err), "den pack "+hint.Word(e.Name)+" --format oci")
	}
	a.warnStuck(e, e.Path, stuck)
	a.notePacked(e, contents)
	image := oci.Image{Contents: contents, At: p.image.at, Python: p.image.python, Tag: p.image.tag}
	if err := a.putOnBase(&image, p.image); err != nil {
		return err
	}
	digest, err := a.writeImage(ctx, image, p.output)
	if err != nil {
		return fmt.Errorf("packing %q: %w", e.Name, err)
	}
	if p.asJSON {
		return a.printJSON(map[string]any{"layout": p.output, "tag": image.Tag, "digest": digest, "path": image.At, "python": image.Python})
	}
	a.printf("%s\n", digest)
	a.donef("packed %q into %s, at %s, for the Python %s", e.Name, p.output, image.At, image.Python)
	return nil
}

// putOnBase finds the base of an image, and the Python in it.
func (a *app) putOnBase(image *oci.Image, options imageOptions) error {
	m := image.Contents.Manifest
	series := m.Python.Version.Series()
	if options.base != "" {
		base, err := oci.OpenBase(options.base, oci.PlatformOf(m))
		if err != nil {
			return hint.With(err, "fetch one first, for example: skopeo copy docker://python:%s-slim oci:python-%s:latest", series, series)
		}
		image.Base = base
		if image.Python != "" {
			return nil
		}
		if image.Python, err = base.FindPython(series); err != nil {
			return err
		}
		if image.Python == "" {
			return hint.With(fmt.Errorf("the image in %s has no Python %s in a usual place", options.base, series), "name it: --python PATH")
		}
		return nil
	}
	if image.Python == "" {
		image.Python = "/usr/local/bin/python" + series
		a.notef("the Python of the image is taken to be at %s: --python names another", image.Python)
	}
	return nil
}

// writeImage writes the layout, whole or not at all, in the place of one that is there.
func (a *app) writeImage(ctx context.Context, image oci.Image, output string) (digest string, err error) {
	if real, err := filepath.EvalSymlinks(output); err == nil {
		output = real
	}
	if err := checkImagePlace(output, image); err != nil {
		return "", err
	}
	aside, err := disk.NewWorkDirBeside(output)
	if err != nil {
		return "", err
	}
	defer aside.Remove()
	var progress tree.Progress
	progress.Total.Store(image.Contents.Manifest.Size())
	stop := a.showCopying("packing "+printable(image.Contents.Manifest.Name), &progress)
	defer stop()
	fresh := filepath.Join(aside.Path, "new")
	if digest, err = image.Write(ctx, fresh, func(bytes int64) { progress.Done.Add(bytes) }); err != nil {
		return "", err
	}
	return digest, putDirectory(fresh, output)
}

// putDirectory moves the directory fresh to output. What is there gets the path fresh, or
// is deleted. If it is interrupted, the old directory is at output, or beside it.
func putDirectory(fresh, output string) error {
	if found, err := disk.Exists(output); err != nil {
		return err
	} else if !found {
		return os.Rename(fresh, output)
	}
	if can, err := store.Exchange(fresh, output); can {
		return err
	}
	old, err := os.MkdirTemp(filepath.Dir(output), filepath.Base(output)+".old-")
	if err != nil {
		return err
	}
	if err := os.Rename(output, old); err != nil {
		return errors.Join(err, os.Remove(old))
	}
	if err := os.Rename(fresh, output); err != nil {
		return errors.Join(err, os.Rename(old, output))
	}
	return os.RemoveAll(old)
}

// checkImagePlace returns an error unless the path is free, or has an image layout with
// this image alone.
func checkImagePlace(output string, image oci.Image) error {
	if found, err := disk.Exists(output); !found {
		return err
	}
	if _, err := os.Stat(filepath.Join(output, "oci-layout")); err != nil {
		return hint.With(fmt.Errorf("%s exists, and is not an image layout", output), "name another: -o DIRECTORY")
	}
	others, err := oci.Others(output, image.Tag)
	if image.Base != nil && image.Base.IsIn(output) {
		others = append(others, "its base")
	}
	if err == nil && len(others) > 0 {
		return hint.With(fmt.Errorf("%s has more in it than the image %q: %s", output, image.Tag, hint.Some(others)), "name another: -o DIRECTORY")
	}
	return err
}
