package serve

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"den/env/disk"
)

// exists reports whether there is something at the path.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// Prepare makes the directory of the socket, which nginx's group may pass and nobody
// else, and the files that the server wants to find there.
func (s Site) Prepare() error {
	if err := s.CheckSocket(); err != nil {
		return err
	}
	if err := s.makeRun(); err != nil {
		return fmt.Errorf("making the directory of the socket: %w", err)
	}
	if s.Server != "uwsgi" {
		return nil
	}
	if err := touch(s.ReloadFile()); err != nil {
		return err
	}
	return s.give(s.ReloadFile())
}

func (s Site) makeRun() error {
	if err := disk.MkdirAll(filepath.Dir(s.Run), 0o755); err != nil {
		return err
	}
	err := disk.Mkdir(s.Run, 0o750)
	if err == nil {
		// The umask may have taken the group's right away.
		return errors.Join(os.Chmod(s.Run, 0o750), s.give(s.Run))
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(s.Run)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a directory", s.Run)
	}
	return s.trustRun(info)
}

// trustRun returns an error where others could put a socket or a number of a process
// into the directory.
func (s Site) trustRun(info fs.FileInfo) error {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if ok && s.IsSystem() && os.Geteuid() == 0 {
		if owner, err := user.Lookup(s.User); err == nil && number(owner.Uid) == stat.Uid && info.Mode().Perm()&0o022 == 0 {
			return nil
		}
	}
	return disk.CheckTrust(s.Run, info)
}

// give makes a file the user's and the group's, where den is root.
func (s Site) give(path string) error {
	if !s.IsSystem() || os.Geteuid() != 0 {
		return nil
	}
	c, err := s.credential()
	if err != nil {
		return err
	}
	return os.Lchown(path, int(c.Uid), int(c.Gid))
}

// credential is the user and the groups that the server has.
func (s Site) credential() (*syscall.Credential, error) {
	a, err := accountOf(s.User)
	if err != nil {
		return nil, err
	}
	gid := a.groups[0]
	if group, err := user.LookupGroup(s.Group); err == nil {
		gid = number(group.Gid)
	}
	return &syscall.Credential{Uid: a.id, Gid: gid, Groups: a.groups}, nil
}

// A Launch is how the server is started: as which user, and with which variables.
type Launch struct {
	Command    []string
	Dir        string
	Environ    []string
	Credential *syscall.Credential // nil: this process's own
}

// Launch prepares the start of the server with the variables environ. Only root can
// start it as another user.
func (s Site) Launch(environ []string) (Launch, error) {
	if err := s.Prepare(); err != nil {
		return Launch{}, err
	}
	l, err := s.surroundings(environ)
	l.Command = s.Command()
	return l, err
}

// surroundings is a Launch without its command, for what runs as the server does.
func (s Site) surroundings(environ []string) (Launch, error) {
	l := Launch{Dir: s.Directory, Environ: environ}
	if !s.IsSystem() {
		return l, nil
	}
	u, err := user.Lookup(s.User)
	if err != nil {
		return l, err
	}
	if os.Geteuid() != 0 {
		if number(u.Uid) != uint32(os.Geteuid()) {
			return l, fmt.Errorf("it is served as %s: only root and %s can start it", s.User, s.User)
		}
		return l, nil
	}
	if l.Credential, err = s.credential(); err != nil || l.Credential.Uid == 0 {
		return l, err
	}
	l.Environ = slices.DeleteFunc(slices.Clone(environ), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return name == "HOME" || name == "USER" || name == "LOGNAME"
	})
	l.Environ = append(l.Environ, "HOME="+u.HomeDir, "USER="+s.User, "LOGNAME="+s.User)
	return l, nil
}

// Become gives this process the user, the groups and the directory of the server.
func (l Launch) Become() error {
	if err := os.Chdir(l.Dir); err != nil {
		return err
	}
	c := l.Credential
	if c == nil {
		return nil
	}
	groups := make([]int, len(c.Groups))
	for i, group := range c.Groups {
		groups[i] = int(group)
	}
	if err := errors.Join(syscall.Setgroups(groups), syscall.Setgid(int(c.Gid)), syscall.Setuid(int(c.Uid))); err != nil {
		return fmt.Errorf("becoming another user: %w", err)
	}
	return nil
}
