package cmd

import (
	"slices"
	"strings"
	"testing"
)

func TestArguments(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	t.Setenv("DEN_BACKEND", "")
	const other = "VIRTUALENVWRAPPER_VIRTUALENV=/opt/make"
	for _, row := range []struct{ environ, typed, want string }{
		{"", "mk web", "mk web"},
		{"", "workon --activators bash web", "workon --activators bash web"},
		{"", "mk -p 3.12 web -i x", "mk -p 3.12 web -i x"},
		{"", "--shell bash --last x mk web", "--shell bash --last x mk web"},
		{other, "--shell bash --loaded 1 --last x --within y mk web", "--shell bash --loaded 1 --last x --within y mk --program=/opt/make -- web"},
		{"", "mk --activators bash web", "mk --option=--activators --option=bash web"},
		{"", "mk --activators=bash web", "mk --option=--activators=bash web"},
		{"", "mk -q --pip 23 -n web --verbose", "mk --option=-q --option=--pip --option=23 --option=--verbose -n web"},
		{"", "mk --frobnicate web", "mk --frobnicate web"},
		{"", "mk -z web", "mk -z web"},
		{"", "mk -nq web", "mk -nq web"},
		{"", "mk web -- --pip", "mk web -- --pip"},
		{"", "mk web -p", "mk web -p"},
		{"", "tmp --seeder pip", "tmp --option=--seeder --option=pip"},
		{"", "project new -t x --seeder pip web", "project new --option=--seeder --option=pip -t x web"},
		{"VIRTUALENVWRAPPER_VIRTUALENV_ARGS=--no-pip --pip 23", "mk web", "mk --option=--pip --option=23 --no-pip web"},
		{other, "mk web", "mk --program=/opt/make -- web"},
		{other, "mk --frob a -x web", "mk --program=/opt/make --option=--frob --option=a --option=-x -- web"},
		{other, "mk --frob a -p 3.12 web -x", "mk --program=/opt/make --option=--frob --option=a --option=-x -p 3.12 -- web"},
		{other, "mk -i a -a /p --python=py --copies --prompt x web", "mk --program=/opt/make --option=--copies --option=--prompt --option=x -i a -a /p --python=py -- web"},
		{other, "mk --frob -- web", "mk --program=/opt/make --option=--frob -- web"},
		{other, "mk -h", "mk --program=/opt/make -h"},
		{other, "mk", "mk --program=/opt/make"},
		{other, "tmp --as mktmpenv", "--as mktmpenv tmp --program=/opt/make"},
		{other, "mk --backend venv web", "mk --backend venv web"},
		{other, "list web", "list web"},
	} {
		t.Run(row.typed, func(t *testing.T) {
			if name, value, ok := strings.Cut(row.environ, "="); ok {
				t.Setenv(name, value)
			}
			a := &app{}
			got := a.arguments(a.rootCommand("", ""), strings.Fields(row.typed))
			if want := strings.Fields(row.want); !slices.Equal(got, want) {
				t.Errorf("%q\nwant %q", got, want)
			}
		})
	}
}
