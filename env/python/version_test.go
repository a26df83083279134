package python

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestParseVersion(t *testing.T) {
	for _, row := range []struct {
		text string
		want Version
	}{
		{"3", Version{Major: 3}},
		{"3.12", Version{Major: 3, Minor: 12}},
		{"3.12.1", Version{Major: 3, Minor: 12, Micro: 1}},
		{"3.13.0rc2", Version{Major: 3, Minor: 13, Suffix: "rc2"}},
		{"3.15.0a4+", Version{Major: 3, Minor: 15, Suffix: "a4"}},
		{"3.12.1+", Version{Major: 3, Minor: 12, Micro: 1}},
		{"3.12.1.final.0", Version{Major: 3, Minor: 12, Micro: 1}},
		{"3.13.0.candidate.2", Version{Major: 3, Minor: 13, Suffix: "rc2"}},
		{"3.13.0.beta.1", Version{Major: 3, Minor: 13, Suffix: "b1"}},
	} {
		got, err := ParseVersion(row.text)
		if err != nil || got != row.want {
			t.Errorf("ParseVersion(%q) = %#v, %v; want %#v", row.text, got, err, row.want)
		}
	}
}

func TestParseVersionRefuses(t *testing.T) {
	for _, text := range []string{"", "+", "x", "3.", "3.x", "3..1", ".3", "3.12.1.4", "3.12rc", "3.12.1c1", "3.12 ", "-3", "99999999999999999999", "3.12.1.final.x"} {
		if got, err := ParseVersion(text); err == nil {
			t.Errorf("ParseVersion(%q) = %v, want an error", text, got)
		}
	}
}

func TestVersionsAreOrdered(t *testing.T) {
	ascending := []string{"2.7.18", "3", "3.9.18", "3.10.2", "3.13.0a1", "3.13.0b2", "3.13.0rc2", "3.13.0rc10", "3.13.0", "3.13.1rc1", "3.13.1"}
	var versions []Version
	for _, text := range ascending {
		v, err := ParseVersion(text)
		if err != nil {
			t.Fatal(err)
		}
		versions = append(versions, v)
	}
	for i, v := range versions {
		for j, w := range versions {
			if v.Less(w) != (i < j) {
				t.Errorf("%v.Less(%v) = %v", v, w, v.Less(w))
			}
		}
	}
	if !slices.IsSortedFunc(versions, Version.Compare) {
		t.Error("Compare orders otherwise than Less")
	}
}

func TestVersionAsText(t *testing.T) {
	v := Version{Major: 3, Minor: 13, Suffix: "rc2"}
	text, err := json.Marshal(v)
	if err != nil || string(text) != `"3.13.0rc2"` {
		t.Fatalf("Marshal = %s, %v", text, err)
	}
	var back Version
	if err := json.Unmarshal(text, &back); err != nil || back != v {
		t.Errorf("Unmarshal = %v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`"three"`), &back); err == nil {
		t.Error("Unmarshal took a version that is none")
	}
	if v.Series() != "3.13" {
		t.Errorf("Series = %q", v.Series())
	}
}
