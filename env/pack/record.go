package pack

import (
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"io"
	"path"
	"slices"
	"strings"

	"den/env/disk"
	"den/env/packages"
)

// A recorded is a line of a RECORD, the list of files that an installer leaves (the
// recorded-installs specification).
type recorded struct{ path, hash string }

// readRecord reads a RECORD. A file that cannot be read, or the rest of it, has no
// lines.
func readRecord(file string) []recorded {
	text, err := disk.ReadSmall(file)
	if err != nil {
		return nil
	}
	return parseRecord(string(text))
}

func parseRecord(text string) []recorded {
	reader := csv.NewReader(strings.NewReader(text))
	reader.FieldsPerRecord = -1
	reader.LazyQuotes = true
	reader.ReuseRecord = true
	var all []recorded
	for {
		fields, err := reader.Read()
		if err == io.EOF || err != nil {
			return all
		}
		r := recorded{path: fields[0]}
		if len(fields) > 1 {
			r.hash = fields[1]
		}
		all = append(all, r)
	}
}

// changedSince returns the files that are others, or gone, than the RECORDs say, of
// which read returns the text.
func (m Manifest) changedSince(read func(File) (string, error)) ([]string, error) {
	hashes := make(map[string]string, len(m.Files))
	for _, f := range m.Files {
		hashes[f.Path] = f.SHA256
	}
	var changed []string
	for _, f := range m.Files {
		if !packages.IsRecord(f.Path) {
			continue
		}
		text, err := read(f)
		if err != nil {
			return nil, err
		}
		for _, r := range parseRecord(text) {
			sum, ok := strings.CutPrefix(r.hash, "sha256=")
			file := path.Join(path.Dir(path.Dir(f.Path)), r.path)
			if rest, absolute := strings.CutPrefix(r.path, m.Path+"/"); absolute {
				file = path.Clean(rest)
			}
			if !ok || strings.HasSuffix(file, ".pyc") {
				continue
			}
			if hashes[file] != recordedHash(sum) {
				changed = append(changed, file)
			}
		}
	}
	slices.Sort(changed)
	return slices.Compact(changed), nil
}

// recordedHash is a hash of a RECORD in hexadecimal.
func recordedHash(sum string) string {
	bytes, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(sum, "="))
	if err != nil {
		return "unreadable"
	}
	return hex.EncodeToString(bytes)
}
