package completions_test

import "testing"

// Each of the shells that other tests do not drive completes names, files, words and flags.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"elvish", "xonsh", "nushell"} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			s := begin(t, start{shell: shell})
			s.file("envs/both'\"$HOME/pyvenv.cfg", "home = /usr/bin\n", 0o666)
			s.file("envs/3.10/pyvenv.cfg", "home = /usr/bin\n", 0o666)
			for _, row := range []struct {
				keys string
				want []string
			}{
				{"workon we" + tab, []string{"workon", "web"}},
				{"workon my" + tab, []string{"workon", "my env"}},
				{"workon it" + tab, []string{"workon", "it's"}},
				{"workon d" + tab, []string{"workon", "d$HOME"}},
				{"workon both" + tab, []string{"workon", "both'\"$HOME"}},
				{"workon l" + tab, []string{"workon", `last\`}},
				{"workon 漢" + tab, []string{"workon", "漢字"}},
				{"workon 3" + tab, []string{"workon", "3.10"}},
				{`workon "my` + tab, []string{"workon", "my env"}},
				{`workon 'it` + tab, []string{"workon", "it's"}},
				{"den work" + tab + "we" + tab, []string{"den", "workon", "web"}},
				{"mkvenv --backend=vi" + tab, []string{"mkvenv", "--backend=virtualenv"}},
				{"mkvenv -p 3.10 --backend=vi" + tab, []string{"mkvenv", "-p", "3.10", "--backend=virtualenv"}},
				{"cdvenv inc" + tab, []string{"cdvenv", "include"}},
				{"den diff web ap" + tab, []string{"den", "diff", "web", "api"}},
				{"den diff web req" + tab, []string{"den", "diff", "web", "req file.txt"}},
			} {
				s.gives(row.keys, row.want...)
			}
			if shell != "elvish" { // where a person takes the first from a menu
				s.gives("rmvenv my"+tab+"it"+tab, "rmvenv", "my env", "it's")
			}
			s.gives("mkvenv -a pro"+tab, "mkvenv", "-a", "pro ject")
			s.gives("den mk --requirements=req"+tab, "den", "mk", "--requirements=req file.txt")
			s.silent()
		})
	}
}
