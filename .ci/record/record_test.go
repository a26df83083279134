package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestRecord: the pictures of the README can be made with the den of today, and show
// what they are for.
func TestRecord(t *testing.T) {
	t.Parallel()
	den := filepath.Join(t.TempDir(), "den")
	if out, err := exec.Command("go", "build", "-o", den, "den/cmd/den").CombinedOutput(); err != nil {
		t.Fatalf("building den: %v\n%s", err, out)
	}
	pictures, err := record(den)
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for name, shows := range map[string][]string{
		"first.svg":  {"(shop) ~/src/shop $", "Make it? [y/N]", "/home/ana/.virtualenvs/shop", "Esc leaves", "@keyframes"},
		"list.svg":   {"(web) ~/src/web $", "/home/ana/src/api", "data-science"},
		"tab.svg":    {"webhooks", "~/src/api"},
		"picker.svg": {"~/src/web", "Esc leaves", "pip "},

		"thousand.svg": {"1000/1000", "(billing-73) ~ $"},
	} {
		svg := pictures[name]
		size += len(svg)
		for _, text := range shows {
			if !strings.Contains(textOf(t, name, svg), text) {
				t.Errorf("%s does not show %q", name, text)
			}
		}
		if strings.Contains(svg, os.TempDir()) {
			t.Errorf("%s shows a path of this machine", name)
		}
		committed, err := os.ReadFile(filepath.Join("../../docs/pictures", name))
		if err != nil {
			t.Error(err)
		}
		textOf(t, name, string(committed))
	}
	if size > 300_000 {
		t.Errorf("they have %d bytes, want 300,000 at most", size)
	}
}

// textOf returns the letters in a picture, which has to be whole XML.
func textOf(t *testing.T, name, svg string) string {
	t.Helper()
	var text strings.Builder
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return text.String()
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if letters, ok := token.(xml.CharData); ok {
			text.Write(letters)
		}
	}
}
