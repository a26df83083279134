package cmd

import "testing"

// A setting is written in its line, or in front of the first table; all else stays.
func TestWithSetting(t *testing.T) {
	const line = "auto = \"linked\"\n"
	for before, want := range map[string]string{
		"":                               line,
		"cd = false\n":                   "cd = false\n" + line,
		"cd = false":                     "cd = false\n" + line,
		"auto = \"off\"\ncd = false\n":   line + "cd = false\n",
		"  \"auto\"='off' # mine\n":      line,
		line:                             line,
		"auto = \"linked\"":              "auto = \"linked\"",
		"automatic = 1\n":                "automatic = 1\n" + line,
		"# auto = \"off\"\n":             "# auto = \"off\"\n" + line,
		"cd = true\n[table]\nauto = 1\n": "cd = true\n" + line + "[table]\nauto = 1\n",
	} {
		if got := withSetting(before, "auto", "linked"); got != want {
			t.Errorf("%q becomes %q, want %q", before, got, want)
		}
	}
}
