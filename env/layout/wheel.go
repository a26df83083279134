package layout

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"iter"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"den/env/disk"
	"den/env/parallel"
	"den/env/python"
)

// A wheel is a file of the binary distribution format, with a package that
// every Python 3 can use.
// https://packaging.python.org/en/latest/specifications/binary-distribution-format/
type wheel struct {
	file             string
	project, version string
}

// parseWheel reads the name of a wheel. It takes only those without compiled
// code, which all that den seeds are.
func parseWheel(file string) (wheel, bool) {
	name, ok := strings.CutSuffix(filepath.Base(file), "-none-any.whl")
	fields := strings.Split(name, "-")
	if !ok || len(fields) < 3 || len(fields) > 4 || !strings.Contains(fields[len(fields)-1], "py3") {
		return wheel{}, false
	}
	return wheel{file: file, project: fields[0], version: fields[1]}, true
}

// wheelsIn lists the wheels of a project in a directory, which may be missing.
func wheelsIn(dir, project string) []wheel {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var wheels []wheel
	for _, entry := range entries {
		if w, ok := parseWheel(filepath.Join(dir, entry.Name())); ok && w.project == project {
			wheels = append(wheels, w)
		}
	}
	return wheels
}

// compareReleases orders versions of the form that pip and setuptools have: numbers. The
// last one may have a suffix that makes it a pre-release.
func compareReleases(a, b string) int {
	for a != "" || b != "" {
		var one, other string
		one, a, _ = strings.Cut(a, ".")
		other, b, _ = strings.Cut(b, ".")
		if order := comparePart(one) - comparePart(other); order != 0 {
			return order
		}
	}
	return 0
}

// comparePart is a number that orders parts of a version: 1rc1 < 1.
func comparePart(part string) int {
	digits := len(part) - len(strings.TrimLeft(part, "0123456789"))
	n, _ := strconv.Atoi(part[:digits])
	if digits < len(part) {
		return 2*n - 1
	}
	return 2 * n
}

// A contents is what is in a wheel that is open.
type contents struct {
	files    []*zip.File
	distInfo string // the directory NAME-VERSION.dist-info
	record   map[string]recorded
	scripts  []script
	requires string   // Requires-Python
	needs    []string // the projects that it cannot do without
}

// recorded is what a RECORD says of a file.
type recorded struct{ hash, size string }

// A script is a program of a package: an entry point of the group
// console_scripts.
type script struct{ name, module, function string }

// isTrusted reports whether nobody else could have put a downloaded wheel there.
func (w wheel) isTrusted() bool { return disk.CheckTrustOf(w.file) == nil }

// open reads all of a wheel but its files, which are read from the file that it
// returns and the caller closes.
func (w wheel) open() (*contents, *os.File, error) {
	file, err := disk.Open(w.file)
	if err != nil {
		return nil, nil, err
	}
	c, err := readWheelIn(file)
	if err != nil {
		file.Close()
		return nil, nil, err
	}
	return c, file, nil
}

func readWheelIn(file *os.File) (*contents, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(file, info.Size())
	if err != nil {
		return nil, err
	}
	return readWheel(archive)
}

// readWheel reads all of a wheel but its files.
func readWheel(archive *zip.Reader) (*contents, error) {
	c := &contents{}
	for _, file := range archive.File {
		if strings.HasSuffix(file.Name, "/") {
			continue
		}
		if !filepath.IsLocal(file.Name) || strings.ContainsAny(file.Name, "\\\x00") {
			return nil, fmt.Errorf("it has a file %q", file.Name)
		}
		top, rest, _ := strings.Cut(file.Name, "/")
		if strings.HasSuffix(top, ".data") {
			return nil, fmt.Errorf("it has files for elsewhere, %q", file.Name)
		}
		if strings.HasSuffix(top, ".dist-info") && rest == "RECORD" {
			c.distInfo = top
		}
		c.files = append(c.files, file)
	}
	if c.distInfo == "" {
		return nil, errors.New("it has no RECORD")
	}
	if err := c.readRecord(); err != nil {
		return nil, err
	}
	if err := c.readScripts(); err != nil {
		return nil, err
	}
	return c, c.readMetadata()
}

// text reads a file of the dist-info directory; a missing one is empty.
func (c *contents) text(name string) ([]byte, error) {
	for _, file := range c.files {
		if file.Name == c.distInfo+"/"+name {
			return readZipped(file)
		}
	}
	return nil, nil
}

func readZipped(file *zip.File) ([]byte, error) {
	reader, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	var content bytes.Buffer
	content.Grow(int(min(file.UncompressedSize64, 1<<24)) + bytes.MinRead) // so as not to be copied when it grows
	_, err = content.ReadFrom(reader)
	return content.Bytes(), err
}

func (c *contents) readRecord() error {
	text, err := c.text("RECORD")
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return fmt.Errorf("reading RECORD: %w", err)
	}
	c.record = make(map[string]recorded, len(rows))
	for _, row := range rows {
		if len(row) != 3 {
			return fmt.Errorf("RECORD has a row of %d fields", len(row))
		}
		c.record[row[0]] = recorded{hash: row[1], size: row[2]}
	}
	return nil
}

// readScripts reads the group console_scripts of entry_points.txt.
// https://packaging.python.org/en/latest/specifications/entry-points/
func (c *contents) readScripts() error {
	text, err := c.text("entry_points.txt")
	if err != nil {
		return err
	}
	group := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			group = strings.TrimSuffix(name, "]")
			continue
		}
		name, object, ok := strings.Cut(line, "=")
		if group != "console_scripts" || !ok || strings.HasPrefix(line, "#") {
			continue
		}
		object, _, _ = strings.Cut(object, "[") // extras, which nobody uses any more
		module, function, _ := strings.Cut(strings.TrimSpace(object), ":")
		c.scripts = append(c.scripts, script{strings.TrimSpace(name), strings.TrimSpace(module), strings.TrimSpace(function)})
	}
	return nil
}

func (c *contents) readMetadata() error {
	text, err := c.text("METADATA")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			break // the description follows
		}
		if value, ok := strings.CutPrefix(line, "Requires-Python:"); ok {
			c.requires = strings.TrimSpace(value)
		}
		if value, ok := strings.CutPrefix(line, "Requires-Dist:"); ok && !strings.Contains(value, ";") {
			c.needs = append(c.needs, requiredProject(value))
		}
	}
	return nil
}

// requiredProject is the project that a requirement names, as it is spelt in
// the names of wheels.
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/
func requiredProject(requirement string) string {
	name := strings.TrimSpace(requirement)
	if end := strings.IndexAny(name, " \t[(<>=!~@"); end >= 0 {
		name = name[:end]
	}
	return strings.ToLower(strings.NewReplacer("-", "_", ".", "_").Replace(name))
}

// suits tells whether a wheel is one for the interpreter. One that cannot be
// read is not.
func (w wheel) suits(i python.Interpreter) bool {
	c, file, err := w.open()
	if err != nil {
		return false
	}
	defer file.Close()
	suits, err := i.Satisfies(c.requires)
	return err == nil && suits
}

// unpack returns the files of a wheel, each checked against RECORD, but without
// RECORD itself. Several processors unpack at once.
func (c *contents) unpack(ctx context.Context) ([]member, error) {
	if len(c.files) < len(c.record) {
		return nil, fmt.Errorf("it has %d files, and RECORD lists %d", len(c.files), len(c.record))
	}
	members := make([]member, len(c.files))
	err := parallel.Each(ctx, runtime.GOMAXPROCS(0), len(members), func(_ context.Context, numbers iter.Seq[int]) (err error) {
		for i := range numbers {
			if members[i], err = c.unpackOne(c.files[i]); err != nil {
				return err
			}
		}
		return nil
	})
	members = slices.DeleteFunc(members, func(m member) bool { return m.path == filepath.Join(c.distInfo, "RECORD") })
	return members, err
}

func (c *contents) unpackOne(file *zip.File) (member, error) {
	content, err := readZipped(file)
	if err != nil {
		return member{}, fmt.Errorf("unpacking %s: %w", file.Name, err)
	}
	return member{filepath.Clean(filepath.FromSlash(file.Name)), content, file.Mode()&0o111 != 0}, c.check(file.Name, content)
}

// check compares a file with what RECORD says of it. Only RECORD itself and
// its signatures may go without.
func (c *contents) check(name string, content []byte) error {
	if dir, base := path.Split(name); dir == c.distInfo+"/" && strings.HasPrefix(base, "RECORD") {
		return nil
	}
	want, ok := c.record[name]
	switch {
	case !ok:
		return fmt.Errorf("%s is not in RECORD", name)
	case want.hash != recordHash(content) || want.size != strconv.Itoa(len(content)):
		return fmt.Errorf("%s is not what RECORD says", name)
	}
	return nil
}

// recordHash is a file's hash as RECORD has it.
func recordHash(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256=" + base64.RawURLEncoding.EncodeToString(sum[:])
}
