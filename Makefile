# den: build, check, install. `make` alone says what there is.

PREFIX ?= $(HOME)/.local
bindir = $(PREFIX)/bin
mandir = $(PREFIX)/share/man/man1

GO ?= go

# What `den --version` says: the newest version in CHANGELOG.md, and in a
# checkout the commit.
VERSION ?= $(shell .ci/version)
COMMIT ?= $(shell git describe --always --dirty=+ --abbrev=9 --exclude='*' 2>/dev/null)
ldflags = -s -w $(if $(VERSION),-X main.version=$(VERSION)) $(if $(COMMIT),-X main.commit=$(COMMIT))

.PHONY: help build install uninstall test lint fmt docs demo bench compare stress record dist test-dist site release clean

help: ## say what each target does
	@sed -n 's/^\([a-z-]*\): .*## \(.*\)/  make \1	\2/p' Makefile | expand -t 20

# Without cgo the program is static: it runs everywhere and starts sooner.
build: ## build ./den
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags '$(ldflags)' -o den ./cmd/den

install: build ## install den to PREFIX/bin (~/.local/bin), its completion, its man pages
	install -d '$(DESTDIR)$(bindir)'
	install -m 755 den '$(DESTDIR)$(bindir)/den'
	umask 022 && $(here) ./.ci/shells install '$(DESTDIR)$(PREFIX)'
	install -d '$(DESTDIR)$(mandir)'
	umask 022 && $(here) ./docs/generate man '$(DESTDIR)$(mandir)' '$(VERSION)' "$$(.ci/version date)"
	@.ci/installed '$(DESTDIR)' '$(bindir)'

# The den that was built may be one for another machine.
here = env -u GOOS -u GOARCH CGO_ENABLED=0 $(GO) run -trimpath -buildvcs=false

uninstall: ## take the installed den away again (before that: den setup --undo)
	rm -f '$(DESTDIR)$(bindir)/den'
	$(here) ./.ci/shells remove '$(DESTDIR)$(PREFIX)'
	for page in '$(DESTDIR)$(mandir)'/den.1 '$(DESTDIR)$(mandir)'/den-*.1; do \
		if grep -q '^\.TH .* "den [^ ]*" den$$' "$$page" 2>/dev/null; then rm -f "$$page"; fi; \
	done
	@[ -n '$(DESTDIR)' ] || $(here) ./.ci/shells loading

test: ## run all checks and tests, in real shells
	@.ci/check test

lint: ## run the checks without the tests
	@.ci/check lint

fmt: ## format the Go code
	gofmt -w .

docs: ## write docs/commands.md anew, from the commands
	$(GO) generate ./docs/...

demo: build ## show den at work in each shell, in a throwaway home
	@.ci/demo/run

bench: build ## measure den beside its peers; WRITE=1 puts the result in docs/performance.md, BASE=DEN compares with that den
	@.ci/bench/run $(if $(WRITE),-write docs/performance.md) $(if $(BASE),-base '$(abspath $(BASE))')

compare: ## play what virtualenvwrapper does with it and with den, and its own tests; WRITE=1 records it
	@.ci/compare/run $(if $(WRITE),-write) $(SCENARIOS)
	@$(if $(SCENARIOS),:,.ci/compare/suite)

stress: ## try for ten minutes to have den lose something; SECONDS=60 for longer
	@.ci/stress/run $(SECONDS)

record: build ## make the pictures of the README anew, from a real session
	@.ci/record/run

dist: ## build a release into dist/: archives, packages, wheels; TARGETS=linux/amd64 for less
	@VERSION='$(VERSION)' COMMIT='$(COMMIT)' .ci/dist/run -targets '$(TARGETS)'

test-dist: ## install, use, update and remove a release in each way, and see the site; WAYS="deb uv" for less
	@.ci/dist/try/run $(WAYS)

site: ## build the documentation as static pages, with search, into site/
	@.ci/site/run

# Never a version that nobody has named.
release: ## check, build and tag a release: make release VERSION=1.2.3
	@.ci/release '$(if $(findstring command,$(origin VERSION)),$(VERSION))'

clean: ## remove what was built
	rm -rf den .cache dist site
