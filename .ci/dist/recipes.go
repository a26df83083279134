package main

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

//go:embed templates
var templates embed.FS

// writeRecipes writes what package managers build their own packages by: a
// formula for Homebrew, a PKGBUILD for Arch, an expression for Nix. They take
// the archives of this release.
func (r release) writeRecipes(targets []target) error {
	sums := make(map[string]string) // of the archives, by target
	for _, t := range targets {
		content, err := os.ReadFile(filepath.Join(r.out, r.archiveName(t)+".tar.gz"))
		if err != nil {
			return err
		}
		sums[t.String()] = fmt.Sprintf("%x", sha256.Sum256(content))
	}
	release := map[string]any{
		"Version": r.version, "URL": r.url, "Summary": summary, "Sums": sums, "Completions": completions,
		"Archive": func(target string) string {
			return fmt.Sprintf("%s/releases/download/v%s/den-%s-%s.tar.gz", r.url, r.version, r.version, strings.ReplaceAll(target, "/", "-"))
		},
	}
	for _, name := range []string{"den.rb", "PKGBUILD", "den.nix"} {
		var text bytes.Buffer
		t, err := template.New(name).Option("missingkey=zero").ParseFS(templates, "templates/"+name)
		if err != nil {
			return err
		}
		if err := t.Execute(&text, release); err != nil {
			return err
		}
		if err := r.write(name, text.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// writeSums writes SHA256SUMS, which "sha256sum -c" reads.
func (r release) writeSums() error {
	entries, err := os.ReadDir(r.out) // sorted
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(r.out, e.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), e.Name())
	}
	return r.write("SHA256SUMS", []byte(sums.String()))
}
