// Package locafero looks for nothing: den tells viper the path of its file.
package locafero

import (
	"errors"

	"github.com/spf13/afero"
)

// A FileType is what is looked for.
type FileType int

// FileTypeFile is an ordinary file.
const FileTypeFile FileType = iota

// A Finder would look for files of these names.
type Finder struct {
	Paths []string
	Names []string
	Type  FileType
}

// Find returns errors.ErrUnsupported.
func (Finder) Find(afero.Fs) ([]string, error) { return nil, errors.ErrUnsupported }

// NameWithExtensions returns no name.
func NameWithExtensions(string, ...string) []string { return nil }

// NameWithOptionalExtensions returns no name.
func NameWithOptionalExtensions(string, ...string) []string { return nil }
