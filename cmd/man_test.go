package cmd

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestManPages(t *testing.T) {
	pages := ManPages("1.2.3", time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))
	commands := listedCommands((&app{}).rootCommand("", ""))
	if got, want := len(pages), len(commands)+1; got != want {
		t.Errorf("%d pages for %d commands", got, want)
	}
	referred := regexp.MustCompile(`(?m)\b(den[a-z\\-]*)\(1\)`)
	for name, page := range pages {
		for _, section := range []string{"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", `EXIT STATUS`, "ENVIRONMENT", "FILES", `SEE ALSO`} {
			if !strings.Contains(page, "\n.SH \""+section+"\"\n") {
				t.Errorf("%s has no section %s", name, section)
			}
		}
		if !strings.Contains(page, `2026-01-02 "den 1.2.3"`) {
			t.Errorf("%s says neither date nor version: %.100s", name, page)
		}
		for _, match := range referred.FindAllStringSubmatch(page, -1) {
			if other := strings.ReplaceAll(match[1], `\`, "") + ".1"; pages[other] == "" {
				t.Errorf("%s refers to %s, which does not exist", name, other)
			}
		}
	}
	for path := range manTable() {
		if pages[strings.ReplaceAll(path, " ", "-")+".1"] == "" {
			t.Errorf("the table has an entry for %q, which is no command", path)
		}
	}
	for _, setting := range settingTable {
		for _, variable := range setting.Variables {
			if !strings.Contains(pages["den.1"], "\n.B \""+variable+"\"\n") {
				t.Errorf("den.1 does not tell of %s", variable)
			}
		}
	}
}

func TestManPagesShowTextAsItIs(t *testing.T) {
	var p manPage
	p.lines("a\\b 'c' --d ~e\n.f\n'g")
	const want = "a\\eb \\(aqc\\(aq \\-\\-d \\(tie\n\\&.f\n\\&\\(aqg\n"
	if got := p.text.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
