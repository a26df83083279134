package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// atOnce calls do n times, all at once, and returns what each den said.
func atOnce(n int, do func(i int) said) []said {
	all := make([]said, n)
	var crowd sync.WaitGroup
	start := make(chan bool)
	for i := range n {
		crowd.Go(func() {
			<-start
			all[i] = do(i)
		})
	}
	close(start)
	crowd.Wait()
	return all
}

// TestManyMakeOneName: one makes it, all others say that it exists.
func TestManyMakeOneName(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	made := 0
	for _, s := range atOnce(often(16, 50), func(int) said { return p.den("mk", "--no-activate", "--without-pip", "web") }) {
		switch {
		case s.status == 0:
			made++
		case s.status != 1 || !strings.Contains(s.out, `environment "web" exists already`):
			t.Errorf("exit status %d: %s", s.status, s.out)
		}
	}
	if made != 1 {
		t.Errorf("%d have made it", made)
	}
	p.isWhole("web")
	p.nothingLeft()
}

// TestManyMakeManyNames: each makes its own.
func TestManyMakeManyNames(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	n := often(16, 50)
	for i, s := range atOnce(n, func(i int) said { return p.den("mk", "--no-activate", "--without-pip", fmt.Sprint("web", i)) }) {
		if s.status != 0 {
			t.Errorf("web%d: exit status %d: %s", i, s.status, s.out)
		}
	}
	if names := p.names(); len(names) != n {
		t.Errorf("there are %q", names)
	}
	p.isWhole(fmt.Sprint("web", n-1))
	p.nothingLeft()
}

// TestRemoveAgainstMake: of an environment that is removed and made at once, what
// is there afterwards is what the two say has been done.
func TestRemoveAgainstMake(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	for range often(5, 60) {
		there := len(p.names()) > 0
		all := atOnce(2, func(i int) said {
			return p.den([][]string{{"mk", "--no-activate", "--without-pip", "web"}, {"rm", "web"}}[i]...)
		})
		made, removed := all[0].status == 0, all[1].status == 0
		if !made && !strings.Contains(all[0].out, "exists already") || !removed && !strings.Contains(all[1].out, "no environment named") {
			t.Fatalf("mk: %+v\nrm: %+v", all[0], all[1])
		}
		after := len(p.names()) > 0
		count := map[bool]int{true: 1}
		if want := count[there] + count[made] - count[removed]; want != count[after] {
			t.Errorf("there: %v, made: %v, removed: %v, and after that there: %v", there, made, removed, after)
		}
		if after {
			p.isWhole("web")
		}
	}
	p.nothingLeft()
}

// TestMoveAgainstWorkon: while an environment gets another name, it is entered by
// one of the two, or said not to be there; and the shell is never told to enter
// what is nowhere by half.
func TestMoveAgainstWorkon(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.lay("web")
	names := []string{"web", "api"}
	for range often(6, 80) {
		all := atOnce(3, func(i int) said {
			if i == 0 {
				return p.den("mv", names[0], names[1])
			}
			return p.plans("workon", names[i-1])
		})
		if all[0].status != 0 {
			t.Fatalf("mv: %+v", all[0])
		}
		for i, s := range all[1:] {
			entered := s.status == 0
			if entered != strings.Contains(s.plan, "VIRTUAL_ENV='"+p.envs+"/"+names[i]+"'") || entered != (s.plan != "") ||
				!entered && !strings.Contains(s.out, "no environment named") {
				t.Errorf("workon %s: %+v", names[i], s)
			}
		}
		slices.Reverse(names)
		if got := p.names(); !slices.Equal(got, names[:1]) {
			t.Fatalf("there are %q, want %q", got, names[:1])
		}
	}
	p.isWhole(names[0])
	p.nothingLeft()
}
