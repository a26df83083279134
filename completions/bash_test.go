package completions

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestReadBash(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	t.Setenv("VAR", "a b")
	for _, row := range []struct {
		line     string
		want     []string
		expanded string // of the last word; "" for the same
		quote    byte
	}{
		{line: "", want: []string{""}},
		{line: "den ", want: []string{"den", ""}},
		{line: " den  rm\tweb", want: []string{"den", "rm", "web"}},
		{line: `den my\ env it\'s a\\b \`, want: []string{"den", "my env", "it's", `a\b`, ""}},
		{line: `den "my env" "a\"b\$c\d" "x`, want: []string{"den", "my env", `a"b$c\d`, "x"}, quote: '"'},
		{line: `den 'my env' 'a\' 'x`, want: []string{"den", "my env", `a\`, "x"}, quote: '\''},
		{line: `den $'it\'s' $'x`, want: []string{"den", "it's", "x"}, quote: '$'},
		{line: `den a"b c"'d e'f`, want: []string{"den", "ab cd ef"}},
		{line: `den '' ""`, want: []string{"den", "", ""}},
		{line: `den $VAR/x`, want: []string{"den", "$VAR/x"}, expanded: "a b/x"},
		{line: `den "${VAR}x`, want: []string{"den", "${VAR}x"}, expanded: "a bx", quote: '"'},
		{line: `den '$VAR`, want: []string{"den", "$VAR"}, quote: '\''},
		{line: `den \$VAR`, want: []string{"den", "$VAR"}},
		{line: `den $ $1 ${VAR`, want: []string{"den", "$", "$1", "${VAR"}},
		{line: `den ~/x`, want: []string{"den", "~/x"}, expanded: "/home/me/x"},
		{line: `den a~/x`, want: []string{"den", "a~/x"}},
		{line: `den ~you/x`, want: []string{"den", "~you/x"}},
		{line: "cd /; den web", want: []string{"den", "web"}},
		{line: "cd / && den web", want: []string{"den", "web"}},
		{line: "ls | den web", want: []string{"den", "web"}},
		{line: "(den web", want: []string{"den", "web"}},
		{line: "den >out web 2>&1 x", want: []string{"den", "web", "x"}},
		{line: "den &>out web", want: []string{"den", "web"}},
		{line: "den web2>out x", want: []string{"den", "web2", "x"}},
		{line: "den ünï", want: []string{"den", "ünï"}},
	} {
		words, redirected := readBash(row.line)
		var got []string
		for _, w := range words {
			got = append(got, w.value)
		}
		last := words[len(words)-1]
		if !slices.Equal(got, row.want) || last.quote != row.quote || redirected {
			t.Errorf("%s: %q, quote %q, redirected %v; want %q, %q", row.line, got, last.quote, redirected, row.want, row.quote)
		}
		if want := row.expanded; want != "" && last.expanded != want || want == "" && last.expanded != last.value {
			t.Errorf("%s: expanded to %q, want %q", row.line, last.expanded, want)
		}
	}
	for _, line := range []string{"den >", "den > ", "den >fi", "den 2> fi", "den &>fi", "den >>fi", "den <fi"} {
		if words, redirected := readBash(line); !redirected || len(words) != 2 {
			t.Errorf("%s: %v, redirected %v", line, words, redirected)
		}
	}
}

// hostile are names that bash might do something with.
var hostile = []string{
	"plain", "my env", " lead", "it's", "'", "''", `"`, `say "hi"`, "'a'", `"a"`, `a\`, `\`, `\\n`, "$HOME", "a$", "${x}", "$(date)", "`date`",
	"!!", "wow!", "a!b!", "*", "?x", "[a]", "{a,b}", "~", "~root", "#x", "a#", "a=b", "=", "a:b:c", "a@b", "a;b", "a&b", "a|b", "<a>", "(a)", "^a^b", "-", "%1",
	"ünï", "漢 字", "naïve's π",
}

// typings are the ways in which one can have begun to type a text: what comes
// before it, and what it looks like.
var typings = map[string]struct {
	quote byte
	open  string
}{
	"plain": {0, ""}, "in double quotes": {'"', `"`}, "in single quotes": {'\'', "'"}, "in $'": {'$', "$'"},
}

// Whatever the name, however far and in whatever quotes it has been typed: put
// where readline puts it, the reply is a word that bash reads as the name.
func TestBashReplies(t *testing.T) {
	var script strings.Builder
	var want []string
	try := func(line, tail, name string) {
		t.Helper()
		var reply bytes.Buffer
		err := Reply(&reply, formOf("bash"), []string{"prog", line, tail}, func(_ string, line Line) Answer {
			return Answer{Offer: Offer{Candidates: []Candidate{{Text: name}}}, Word: line.Words[len(line.Words)-1]}
		})
		if err != nil || strings.Count(reply.String(), "\n") != 1 {
			t.Errorf("%s, to be replaced from %q, for %q: replies %q, %v", line, tail, name, reply.String(), err)
			return
		}
		script.WriteString(readline(line, tail, strings.TrimSuffix(reply.String(), "\n")) + "\n")
		want = append(want, name)
	}
	for _, name := range hostile {
		for _, typing := range typings {
			for i := range name + " " {
				typed := quoteBash(name[:i], typing.quote)
				line := "prog " + typing.open + typed
				try(line, typed, name)
				if typing.quote != 0 {
					continue
				}
				for at, c := range typed {
					if strings.ContainsRune(":=@", c) { // as COMP_WORDBREAKS has it
						try(line, typed[at+1:], name)
					}
				}
			}
		}
	}

	program, err := exec.LookPath("bash")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("bash is not installed")
		}
		t.Skip("bash is not installed")
	}
	file := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(file, []byte(`function prog { printf '%s\0' "$@"; }`+"\n"+script.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "--norc", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(script.String(), "\n")
	got := strings.Split(string(out), "\x00")
	if len(got) != len(want)+1 {
		t.Fatalf("%d words, want %d", len(got)-1, len(want))
	}
	for i, name := range want {
		if got[i] != name {
			t.Errorf("%s is read as %q, want %q", lines[i], got[i], name)
		}
	}
}

// readline puts the only reply where tail is at the end of the line, as
// readline's rl_complete does: an opening quote is not doubled, and an open one
// is closed unless the reply ends in such a character.
func readline(line, tail, reply string) string {
	kept := strings.TrimSuffix(line, tail)
	words, _ := readBash(line)
	mark := map[byte]string{'"': `"`, '\'': "'", '$': "'"}[words[len(words)-1].quote]
	if mark == "" {
		return kept + reply
	}
	if strings.HasPrefix(reply, mark) && strings.HasSuffix(kept, mark) {
		kept = strings.TrimSuffix(kept, mark)
	}
	if !strings.HasSuffix(reply, mark) {
		reply += mark
	}
	return kept + reply
}

func TestBashPaths(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("HOME", dir)
	t.Setenv("SUB", dir+"/sub dir")
	for _, name := range []string{"sub dir/in", "other", ".hidden"} {
		if err := os.MkdirAll(name, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"some.txt", "sub dir/$file", "bad\nname"} {
		if err := os.WriteFile(name, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("sub dir", "link"); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		line, tail string
		answer     Answer
		want       []string
	}{
		{"x ", "", Answer{}, []string{"link/", "other/", "some.txt", `sub\ dir/`}},
		{"x s", "s", Answer{}, []string{"some.txt", `sub\ dir/`}},
		{"x s", "s", Answer{Offer: Offer{Paths: Directories}}, []string{`sub\ dir/`}},
		{`x "s`, "s", Answer{}, []string{"some.txt", "sub dir/"}},
		{`x sub\ dir/`, `sub\ dir/`, Answer{}, []string{`sub\ dir/\$file`, `sub\ dir/in/`}},
		{`x "sub dir/`, `sub dir/`, Answer{}, []string{`sub dir/\$file`, `sub dir/in/`}},
		{`x "sub dir"/`, `"sub dir"/`, Answer{}, []string{`"sub dir"/\$file`, `"sub dir"/in/`}},
		{`x "sub dir/"i`, `"sub dir/"i`, Answer{}, []string{`sub\ dir/in/`}},
		{"x ~/s", "~/s", Answer{}, []string{"~/some.txt", `~/sub\ dir/`}},
		{"x $SUB/i", "$SUB/i", Answer{}, []string{"$SUB/in/"}},
		{`x "$SUB/i`, "$SUB/i", Answer{}, []string{"$SUB/in/"}},
		{"x link/i", "i", Answer{}, []string{"in/"}}, // a slash among the word breaks
		{"x --dir=s", "s", Answer{Prefix: "--dir="}, []string{"some.txt", `sub\ dir/`}},
		{"x --dir=link/i", "--dir=link/i", Answer{Prefix: "--dir="}, []string{"--dir=link/in/"}},
		{"x -dlink/i", "-dlink/i", Answer{Prefix: "-d"}, []string{"-dlink/in/"}},
		{"x .", ".", Answer{}, []string{".hidden/"}},
		{"x ..", "..", Answer{}, []string{"../"}},
		{"x in", "in", Answer{Offer: Offer{Paths: Directories, Root: dir + "/sub dir"}}, []string{"in/"}},
		{"x nosuch/", "nosuch/", Answer{}, nil},
		{"x >so", "so", Answer{Offer: Offer{Paths: Directories}}, []string{"some.txt"}}, // a redirection
	} {
		var out bytes.Buffer
		err := Reply(&out, formOf("bash"), []string{"x", row.line, row.tail}, func(_ string, line Line) Answer {
			a := row.answer
			a.Word = strings.TrimPrefix(line.Words[len(line.Words)-1], a.Prefix)
			if a.Paths == NoPaths {
				a.Paths = AnyFile
			}
			return a
		})
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if out.Len() == 0 {
			got = nil
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %q, want %q", row.line, got, row.want)
		}
	}
}
