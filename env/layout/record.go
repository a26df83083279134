package layout

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"strings"
)

// updateRecords brings the RECORD files up to date with what was changed.
func (m *relocation) updateRecords() error {
	if len(m.changed) == 0 {
		return nil
	}
	for _, record := range m.records {
		// The paths in it are relative to the directory of the packages.
		packages := filepath.Dir(filepath.Dir(record))
		if err := m.rewrite(record, func(content []byte) []byte {
			return m.record(content, packages)
		}); err != nil {
			return err
		}
	}
	return nil
}

// record changes the content of a RECORD: lines of comma-separated path, hash
// and size. Lines that need no change stay as they are, to the byte.
func (m *relocation) record(content []byte, packages string) []byte {
	var updated bytes.Buffer
	for line := range strings.Lines(string(content)) {
		updated.WriteString(m.recordLine(line, packages))
	}
	return updated.Bytes()
}

func (m *relocation) recordLine(line, packages string) string {
	if plain, _, _ := strings.Cut(line, ","); plain != "" && plain[0] != '"' {
		// Most lines are of no concern; no reader is made for them.
		if _, ok := m.changed[inside(packages, plain)]; !ok && plain[0] != '/' {
			return line
		}
	}
	fields, err := csv.NewReader(strings.NewReader(line)).Read()
	if err != nil || len(fields) != 3 {
		return line
	}
	now, changed := m.changed[inside(packages, fields[0])]
	if changed && fields[1] != "" {
		fields[1] = recordHash(now)
		fields[2] = fmt.Sprint(len(now))
	}
	if moved, ok := rebase(fields[0], m.from, m.to); ok {
		fields[0] = moved
	} else if !changed {
		return line
	}
	return joinFields(fields) + line[len(strings.TrimRight(line, "\r\n")):]
}

// inside resolves a path of a RECORD.
func inside(packages, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(packages, path)
}

// joinFields is one line of CSV, without its end.
func joinFields(fields []string) string {
	var line strings.Builder
	w := csv.NewWriter(&line)
	_ = w.Write(fields) // a strings.Builder takes everything
	w.Flush()
	return strings.TrimSuffix(line.String(), "\n")
}
