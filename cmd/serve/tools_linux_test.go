package serve

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// oddNames have what a file could take for its own syntax.
var oddNames = []string{"web", "a b", "it's", `"quoted"`, "é ü 蛇", `back\slash`, "semi;colon{} # x", "100%n %% %i", "[x] (y) *", "-dash-", "$HOME $(x)", "@(x)"}

// Each tool reads the files of an environment with whatever name, or den says that they
// cannot be written.
func TestOddNames(t *testing.T) {
	for _, name := range oddNames {
		for _, server := range Servers() {
			t.Run(server+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := siteAt(t, name, server)
				_, err := s.Write()
				cannot := strings.Contains(name, "$") || server == "uwsgi" && strings.ContainsAny(name, "%@é")
				if cannot {
					if _, ok := errors.AsType[*QuoteError](err); !ok || exists(s.Dir()) {
						t.Errorf("it is written: %v", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				c := Check{Site: s}
				var found []string
				report := func(_, _, _, format string, args ...any) { found = append(found, format) }
				if c.nginx(context.Background(), report); len(found) > 0 {
					t.Error(nginxSays(s))
				}
				c.unit(context.Background(), func(_, _, _, _ string, args ...any) { t.Errorf("systemd: %s", args) })
			})
		}
	}
}

func nginxSays(s Site) error {
	trial, err := newTrial(s)
	if err != nil {
		return err
	}
	defer trial.remove()
	return trial.test(context.Background())
}
