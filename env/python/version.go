package python

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// A Version is the version of the language that an interpreter implements, as in
// sys.version_info.
type Version struct {
	Major, Minor, Micro int
	// Suffix marks a version before the final one: "a1", "b2", "rc1".
	Suffix string
}

// String gives the version in the form of PEP 440: "3.12.1", "3.13.0rc2".
func (v Version) String() string {
	return fmt.Sprintf("%d.%d.%d%s", v.Major, v.Minor, v.Micro, v.Suffix)
}

// Series gives the part that names directories and packages: "3.12".
func (v Version) Series() string {
	return fmt.Sprintf("%d.%d", v.Major, v.Minor)
}

// Compare orders versions as PEP 440 does, 3.13.0a1 < 3.13.0rc1 < 3.13.0. The
// result is -1, 0 or +1.
func (v Version) Compare(w Version) int {
	vKind, vSerial := splitSuffix(v.Suffix)
	wKind, wSerial := splitSuffix(w.Suffix)
	return cmp.Or(v.compareRelease(w), cmp.Compare(vKind, wKind), cmp.Compare(vSerial, wSerial))
}

// Less tells whether v comes before w.
func (v Version) Less(w Version) bool { return v.Compare(w) < 0 }

// compareRelease compares without looking at the suffixes.
func (v Version) compareRelease(w Version) int {
	return cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor), cmp.Compare(v.Micro, w.Micro))
}

// truncate keeps the first parts numbers.
func (v Version) truncate(parts int) Version {
	switch {
	case parts <= 1:
		return Version{Major: v.Major}
	case parts == 2:
		return Version{Major: v.Major, Minor: v.Minor}
	}
	return v
}

// MarshalText writes the version as String does.
func (v Version) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what ParseVersion takes.
func (v *Version) UnmarshalText(text []byte) error {
	parsed, err := ParseVersion(string(text))
	if err != nil {
		return err
	}
	*v = parsed
	return nil
}

// ParseVersion reads "3", "3.12", "3.12.1", "3.13.0rc2", and the five parts
// that virtualenv writes into pyvenv.cfg, "3.12.1.final.0". Numbers left out
// are 0. A "+" at the end, the mark of a build from a repository, is ignored.
func ParseVersion(text string) (Version, error) {
	v, _, err := parseParts(text)
	return v, err
}

// parseParts also tells how many of the three numbers were given.
func parseParts(text string) (v Version, parts int, err error) {
	invalid := fmt.Errorf("%q is not a Python version", text)
	rest := strings.TrimSuffix(text, "+")
	numbers := []*int{&v.Major, &v.Minor, &v.Micro}
	for parts < len(numbers) {
		digits := leadingDigits(rest)
		n, err := strconv.Atoi(digits)
		if err != nil {
			return Version{}, 0, invalid
		}
		*numbers[parts] = n
		parts++
		rest = rest[len(digits):]
		if len(rest) < 2 || rest[0] != '.' || !isDigit(rest[1]) {
			break
		}
		rest = rest[1:]
	}
	if v.Suffix, err = parseSuffix(rest); err != nil {
		return Version{}, 0, invalid
	}
	if v.Suffix != "" {
		parts = len(numbers) // 3.13rc1 is 3.13.0rc1
	}
	return v, parts, nil
}

// suffixKinds are the stages of a version in their order; "" is the final one.
var suffixKinds = [...]struct{ short, long string }{
	{"a", ".alpha."}, {"b", ".beta."}, {"rc", ".candidate."}, {"", ".final."},
}

// parseSuffix brings "rc1" and ".candidate.1" to the short form.
func parseSuffix(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	for _, kind := range suffixKinds {
		serial, ok := strings.CutPrefix(text, kind.long)
		if !ok && kind.short != "" {
			serial, ok = strings.CutPrefix(text, kind.short)
		}
		if !ok || serial == "" || leadingDigits(serial) != serial {
			continue
		}
		if kind.short == "" {
			return "", nil
		}
		return kind.short + serial, nil
	}
	return "", fmt.Errorf("unknown suffix %q", text)
}

// splitSuffix gives the place of a suffix in suffixKinds, and its number.
func splitSuffix(suffix string) (kind, serial int) {
	if suffix == "" {
		return len(suffixKinds) - 1, 0
	}
	for i, k := range suffixKinds[:len(suffixKinds)-1] {
		if digits, ok := strings.CutPrefix(suffix, k.short); ok {
			serial, _ := strconv.Atoi(digits)
			return i, serial
		}
	}
	return -1, 0
}

func leadingDigits(s string) string {
	end := 0
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	return s[:end]
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
