package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"den/cmd/hint"
	"den/cmd/quantity"
	"den/env"
	"den/env/disk"
	"den/shell"
)

// The settings' keys, as they stand in the configuration file.
const (
	keyWorkonHome      = "workon_home"
	keyProjectHome     = "project_home"
	keyPython          = "python"
	keyBackend         = "backend"
	keyGetPython       = "get_python"
	keyCd              = "cd"
	keyHookDir         = "hook_dir"
	keyProjectFilename = "project_filename"
	keyVirtualenv      = "virtualenv"
	keyVirtualenvArgs  = "virtualenv_args"
	keyBytecode        = "bytecode"
	keySSH             = "ssh"
	keyPicker          = "picker"
	keyKeys            = "keys"
	keyAuto            = "auto"
	keyKeepRemoved     = "keep_removed"
	keyKeepRemovedSize = "keep_removed_size"
	autoOn             = "on"
)

// A setting is one thing that a person can decide: by a flag, an environment
// variable, or the configuration file, in this order.
type setting struct {
	Key         string
	Variables   []string // the first that is set and not empty counts
	Flag        string
	Default     string
	Description string
	isDir       bool
	values      []string // the values allowed; nil: any
	// check returns an error that says what the value can be; nil: any.
	check func(value string) error
}

var settingTable = []setting{
	{Key: keyWorkonHome, Variables: []string{"WORKON_HOME"}, Flag: "workon-home", Default: "~/.virtualenvs", isDir: true,
		Description: "the directory of the environments"},
	{Key: keyProjectHome, Variables: []string{"PROJECT_HOME"}, isDir: true,
		Description: "the directory of your projects"},
	{Key: keyPython, Variables: []string{"DEN_PYTHON", "VIRTUALENVWRAPPER_PYTHON"}, Flag: "python",
		Description: "the interpreter for new environments: a path, a command or a version"},
	{Key: keyBackend, Variables: []string{"DEN_BACKEND"}, Flag: "backend", Default: "native", values: []string{"native", "venv", "virtualenv", "uv"},
		Description: "what makes new environments"},
	{Key: keyGetPython, Variables: []string{"DEN_GET_PYTHON"}, Default: getPythonAsk, values: []string{getPythonAsk, "uv", "pyenv", getPythonNever},
		Description: "what gets a Python that is not there: the tool that you are asked about on a terminal, uv, pyenv, or none"},
	{Key: keyCd, Variables: []string{"DEN_CD", "VIRTUALENVWRAPPER_WORKON_CD"}, Default: "true", values: []string{"true", "false"},
		Description: "whether workon goes to the environment's project"},
	{Key: keyHookDir, Variables: []string{"VIRTUALENVWRAPPER_HOOK_DIR"}, isDir: true,
		Description: "the directory of the global hooks (default: workon_home)"},
	{Key: keyProjectFilename, Variables: []string{"VIRTUALENVWRAPPER_PROJECT_FILENAME"}, Default: ".project",
		Description: "the file in an environment that names its project"},
	{Key: keyVirtualenv, Variables: []string{"VIRTUALENVWRAPPER_VIRTUALENV"},
		Description: "a program that makes new environments in place of the backend"},
	{Key: keyVirtualenvArgs, Variables: []string{"VIRTUALENVWRAPPER_VIRTUALENV_ARGS"},
		Description: "options for all new environments"},
	{Key: keyBytecode, Variables: []string{"DEN_BYTECODE"}, Default: "auto", values: []string{"auto", "always", "never"},
		Description: "whether the modules of pip are compiled: as an environment is made, after that, or by Python"},
	{Key: keyPicker, Variables: []string{"DEN_PICKER"}, Default: "auto", values: []string{"auto", "fzf", "den"},
		Description: "what shows the list to choose from: fzf if it is there, fzf, or den itself"},
	{Key: keyKeys, Variables: []string{"DEN_KEYS"}, Default: "off", values: []string{"off", shell.KeysOn},
		Description: "whether Alt-J shows the list to choose from, in shells that have a key for it"},
	{Key: keyAuto, Variables: []string{"DEN_AUTO"}, Default: shell.AutoOff, values: []string{shell.AutoOff, "linked", autoOn},
		Description: "which environments a shell enters by itself: none, those of projects, or also what directories bring"},
	{Key: keySSH, Variables: []string{"DEN_SSH"}, Default: "ssh",
		Description: "the command by which push reaches other machines, with its options"},
	{Key: keyKeepRemoved, Variables: []string{"DEN_KEEP_REMOVED"}, Default: "7d", check: isSpan,
		Description: "how long undo can bring back what was removed or replaced; 0 deletes at once"},
	{Key: keyKeepRemovedSize, Variables: []string{"DEN_KEEP_REMOVED_SIZE"}, Default: "10G", check: isSize,
		Description: "how much of the disk that may take; the oldest goes first"},
}

func isSpan(value string) error {
	_, err := quantity.ParseSpan(value)
	return err
}

func isSize(value string) error {
	_, err := quantity.ParseSize(value)
	return err
}

// readVariables returns the variables that den reads, or a program that it starts
// for the person: the variables of settings, and a few more.
func readVariables() []string {
	names := []string{"VIRTUALENVWRAPPER_LOG_FILE", "VIRTUALENVWRAPPER_TMPDIR"}
	for _, t := range settingTable {
		names = append(names, t.Variables...)
	}
	return names
}

// settings reads the settings. The configuration file is read when the first
// setting is asked for.
type settings struct {
	viper     *viper.Viper
	lookupEnv func(string) (string, bool)
	flags     *pflag.FlagSet
	loaded    bool
	// tolerate, if it is set, gets the error of a configuration file that den
	// cannot read. Reading settings then succeeds.
	tolerate func(error)
}

func newSettings(lookupEnv func(string) (string, bool), flags *pflag.FlagSet) settings {
	return settings{viper: viper.New(), lookupEnv: lookupEnv, flags: flags}
}

func (s *settings) getenv(name string) string {
	value, _ := s.lookupEnv(name)
	return value
}

// file is the configuration file, whether or not it is there.
func (s *settings) file() string {
	return filepath.Join(s.xdg("XDG_CONFIG_HOME", ".config"), "den", "config.toml")
}

func (s *settings) load() error {
	if s.loaded {
		return nil
	}
	for _, setting := range settingTable {
		s.viper.SetDefault(setting.Key, setting.Default)
		if variables := s.variables(setting); len(variables) > 0 {
			if err := s.viper.BindEnv(append([]string{setting.Key}, variables...)...); err != nil {
				return err
			}
		}
		if flag := s.flags.Lookup(setting.Flag); flag != nil {
			if err := s.viper.BindPFlag(setting.Key, flag); err != nil {
				return err
			}
		}
	}
	if err := s.readFile(); err != nil {
		if !as[*disk.UntrustedError](err) {
			err = hint.With(err, "mend the file, or move it away: den works without one")
		}
		if s.tolerate == nil {
			return err
		}
		s.tolerate(err)
	}
	s.loaded = true
	return nil
}

func (s *settings) readFile() error {
	path := s.file()
	content, err := disk.ReadTrusted(path)
	// HOME may be no directory: for a service it is often /dev/null.
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	if err == nil {
		s.viper.SetConfigType("toml")
		err = s.viper.ReadConfig(bytes.NewReader(content))
	}
	if err != nil {
		return fmt.Errorf("reading the settings in %s: %w", path, err)
	}
	return nil
}

// unknownKeys are those in the configuration file that mean nothing to den.
func (s *settings) unknownKeys() []string {
	var unknown []string
	for _, key := range s.viper.AllKeys() {
		if !slices.Contains(settingKeys(), key) {
			unknown = append(unknown, key)
		}
	}
	slices.Sort(unknown)
	return unknown
}

// A settingValue is a setting's value and where it came from.
type settingValue struct {
	Key         string `json:"key"`
	Value       string `json:"value"`
	Origin      string `json:"origin"`
	Description string `json:"description"`
}

// value returns one setting's. Its key must be in the table.
func (s *settings) value(key string) (settingValue, error) {
	if err := s.load(); err != nil {
		return settingValue{}, err
	}
	t := settingTable[slices.Index(settingKeys(), key)]
	v := settingValue{Key: key, Value: s.viper.GetString(key), Origin: s.origin(t), Description: t.Description}
	switch {
	case key == keyHookDir && v.Value == "":
		home, err := s.value(keyWorkonHome)
		if err != nil {
			return v, err
		}
		v.Value, v.Origin = home.Value, keyWorkonHome
	case t.isDir && v.Value != "":
		expanded, err := s.expandDir(v.Value)
		if err != nil {
			return v, fmt.Errorf("the setting %s (from %s): %w", key, v.Origin, err)
		}
		v.Value = expanded
	case key == keyCd:
		v.Value = asBool(v.Value)
	}
	if !t.allows(v.Value) {
		return v, t.refuse(v.Value, fmt.Errorf("the setting %s (from %s) is %q", key, v.Origin, v.Value))
	}
	return v, nil
}

// allows reports whether the setting can have the value.
func (t setting) allows(value string) bool {
	return (t.values == nil || slices.Contains(t.values, value)) && (t.check == nil || t.check(value) == nil)
}

// refuse adds to the error for a value what the setting can be.
func (t setting) refuse(value string, err error) error {
	if t.check != nil {
		return fmt.Errorf("%w: %w", err, t.check(value))
	}
	err = fmt.Errorf("%w: it can be %s", err, quoted(t.values, " or "))
	if near := env.Similar(value, t.values); len(near) > 0 {
		return hint.With(err, "did you mean %s?", quoted(near, " or "))
	}
	return err
}

// asBool returns "true" or "false" for the words that mean these, and others
// as they are.
func asBool(value string) string {
	switch word := strings.ToLower(value); {
	case slices.Contains([]string{"1", "true", "yes", "on"}, word):
		return "true"
	case slices.Contains([]string{"0", "false", "no", "off"}, word):
		return "false"
	}
	return value
}

func (s *settings) origin(t setting) string {
	if flag := s.flags.Lookup(t.Flag); flag != nil && flag.Changed {
		return "--" + t.Flag
	}
	for _, name := range s.variables(t) {
		if s.getenv(name) != "" {
			return name
		}
	}
	if s.viper.InConfig(t.Key) {
		return s.file()
	}
	return "default"
}

// wrapperVirtualenv is the value that virtualenvwrapper itself gives
// VIRTUALENVWRAPPER_VIRTUALENV, for hooks to read. The person has not asked for it.
const wrapperVirtualenv = "virtualenv"

// variables returns the variables that can decide the setting.
func (s *settings) variables(t setting) []string {
	if t.Key == keyVirtualenv && s.getenv(t.Variables[0]) == wrapperVirtualenv {
		return nil
	}
	return t.Variables
}

// text returns a setting's value. A directory is absolute and clean, or empty.
func (s *settings) text(key string) (string, error) {
	v, err := s.value(key)
	return v.Value, err
}

// expandDir resolves "~" and $VARIABLES, takes a relative directory from the
// home directory, and cleans it, as virtualenvwrapper does.
func (s *settings) expandDir(dir string) (string, error) {
	expanded := os.Expand(dir, s.getenv)
	if expanded == "~" || strings.HasPrefix(expanded, "~/") {
		expanded = "." + expanded[1:]
	}
	if filepath.IsAbs(expanded) {
		return filepath.Clean(expanded), nil
	}
	home := s.homeDir()
	if !filepath.IsAbs(home) {
		return "", fmt.Errorf("%q is in your home directory, and HOME does not say where that is", dir)
	}
	return filepath.Join(home, expanded), nil
}

// homeDir is the person's home directory. Where HOME is not set, as in some
// unit files, it is the one that the system has for them.
func (s *settings) homeDir() string {
	if home := s.getenv("HOME"); home != "" {
		return home
	}
	if person, err := user.Current(); err == nil {
		return person.HomeDir
	}
	return ""
}

// xdg is a directory of the XDG specification: the one that the variable names if it is
// absolute, or else the one below the home directory.
func (s *settings) xdg(variable string, below ...string) string {
	if dir := s.getenv(variable); filepath.IsAbs(dir) {
		return dir
	}
	return filepath.Join(s.homeDir(), filepath.Join(below...))
}

// stateHome is where a person's programs keep what lasts.
func (s *settings) stateHome() string { return s.xdg("XDG_STATE_HOME", ".local", "state") }

// stateDir is a directory for what den has been told, and cannot find out anew.
func (s *settings) stateDir() string { return filepath.Join(s.stateHome(), "den") }

// cacheDir is a directory for what den can find out anew; "" when there is no
// home directory, or others can put something there.
func (s *settings) cacheDir(name string) string {
	dir := s.xdg("XDG_CACHE_HOME", ".cache")
	if !filepath.IsAbs(dir) {
		return ""
	}
	dir = filepath.Join(dir, "den", name)
	if as[*disk.UntrustedError](disk.CheckTrustOfNearest(dir)) {
		return ""
	}
	return dir
}
