package main

// As those in index_test.go, the tests in this file fetch from the package index.

import (
	"os"
	"strings"
	"testing"
)

// The servers that come from the package index serve what den has made of it.
func TestServeFromIndex(t *testing.T) {
	h := newHost(t)
	for _, entry := range os.Environ() {
		if name, value, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "PIP_") || strings.HasPrefix(name, "SSL_") || strings.Contains(strings.ToUpper(name), "PROXY") {
			h.environ[name] = value
		}
	}
	h.environ["PIP_NO_COMPILE"] = "1"
	const name = `it's é "web"`
	h.must("mk", "--no-activate", name, "-i", "gunicorn", "-i", "granian", "-i", "waitress", "-i", "flask", "-i", "django")
	testServers(h, name)
}
