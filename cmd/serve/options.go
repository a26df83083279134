package serve

import (
	"errors"
	"fmt"
	"net/netip"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Check returns an error for an option that cannot be, or cannot stand in a file.
func (o Options) Check() error {
	for _, domain := range o.Domains {
		if err := checkDomain(domain); err != nil {
			return err
		}
	}
	for _, static := range o.Static {
		if err := static.check(); err != nil {
			return err
		}
	}
	if o.User != "" {
		if _, err := user.Lookup(o.User); err != nil || !isAccount(o.User) {
			return fmt.Errorf("there is no user %q", o.User)
		}
	}
	if err := o.CheckApp(); err != nil {
		return err
	}
	switch {
	case o.Workers < 1 || o.Workers > 1000:
		return fmt.Errorf("the number of workers is %d, and has to be from 1 to 1000", o.Workers)
	case o.Threads < 1 || o.Threads > 1000:
		return fmt.Errorf("the number of threads is %d, and has to be from 1 to 1000", o.Threads)
	case !regexp.MustCompile(`^\d{1,9}[kKmMgG]?$`).MatchString(o.Largest):
		return fmt.Errorf("%q is not a size, such as 10m", o.Largest)
	case !filepath.IsAbs(o.Run) || !filepath.IsAbs(o.Directory):
		return errors.New("a path has to be absolute")
	}
	return checkListen(o.Listen)
}

func isAccount(name string) bool {
	return regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`).MatchString(name)
}

// CheckApp returns an error unless the application is named as a module and what is
// callable in it.
func (o Options) CheckApp() error {
	const names = `[\pL_][\pL\pN_]*(\.[\pL_][\pL\pN_]*)*`
	if !regexp.MustCompile(`^` + names + `:` + names + `$`).MatchString(o.App) {
		return fmt.Errorf("%q is not MODULE:CALLABLE, such as app:application", o.App)
	}
	return nil
}

// DefaultDomain is the domain of a site without one: below localhost, which leads to the
// machine itself.
func DefaultDomain(name string) string {
	domain := strings.ToLower(name) + ".localhost"
	if checkDomain(domain) != nil {
		return "localhost"
	}
	return domain
}

// checkDomain returns an error for what is no name of a host (RFC 1123). The first label
// may be an asterisk.
func checkDomain(domain string) error {
	label := regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	labels := strings.Split(domain, ".")
	if len(labels) > 2 && labels[0] == "*" {
		labels = labels[1:]
	}
	for _, l := range labels {
		if len(domain) > 253 || !label.MatchString(l) {
			return &DomainError{domain}
		}
	}
	return nil
}

// A DomainError says that a text is no domain.
type DomainError struct{ Domain string }

func (e *DomainError) Error() string {
	return fmt.Sprintf("%q is not a domain: it has letters, digits and dashes, in parts between dots", e.Domain)
}

// checkListen returns an error for what is neither a port nor an address and a port.
func checkListen(listen string) error {
	port, err := strconv.ParseUint(listen, 10, 16)
	if err != nil {
		var address netip.AddrPort
		address, err = netip.ParseAddrPort(listen)
		port = uint64(address.Port())
	}
	if err != nil || port == 0 {
		return fmt.Errorf("%q is neither a port nor an address and a port, such as 127.0.0.1:8080", listen)
	}
	return nil
}

// listenPort is the port of what is listened on.
func listenPort(listen string) string { return listen[strings.LastIndexByte(listen, ':')+1:] }

// ParseStatic reads URL=DIRECTORY.
func ParseStatic(text string) (Static, error) {
	url, dir, found := strings.Cut(text, "=")
	if !found || dir == "" {
		return Static{}, fmt.Errorf("%q is not URL=DIRECTORY, such as /static=static", text)
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return Static{}, err
	}
	// An alias without the slash at both ends would reach files beside the directory.
	s := Static{URL: "/" + strings.Trim(url, "/") + "/", Dir: strings.TrimRight(absolute, "/") + "/"}
	return s, s.check()
}

func (s Static) check() error {
	if !regexp.MustCompile(`^(/[A-Za-z0-9_.~-]+)+/$`).MatchString(s.URL) || strings.Contains(s.URL, "/.") {
		return fmt.Errorf("%q cannot be the address of static files: it has letters, digits, dots and dashes, between slashes", s.URL)
	}
	if s.Dir == "/" {
		return errors.New("the root directory cannot be served as static files")
	}
	return nil
}
