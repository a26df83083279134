package pack

import (
	"encoding/base64"
	"encoding/hex"
	"path"
	"slices"
	"strings"

	"den/env/packages"
)

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
		for listed, hash := range packages.Recorded(strings.NewReader(text)) {
			sum, ok := strings.CutPrefix(hash, "sha256=")
			file := path.Join(path.Dir(path.Dir(f.Path)), listed)
			if rest, absolute := strings.CutPrefix(listed, m.Path+"/"); absolute {
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
