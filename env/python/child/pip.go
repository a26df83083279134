package child

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"den/env/disk"
)

// pipRedirects are the settings of pip that change the place to install to or remove
// from, the platform to download for, or the packages to install.
// https://pip.pypa.io/en/stable/cli/pip_install/
var pipRedirects = [...]string{
	"target", "prefix", "root", "user", "dry-run", "python", "require-virtualenv",
	"platform", "python-version", "implementation", "abi",
	"requirement", "editable", "group", "install-option",
}

// pipVariable is the environment variable of a setting of pip's.
func pipVariable(setting string) string {
	return "PIP_" + strings.ToUpper(strings.ReplaceAll(setting, "-", "_"))
}

// redirectsPip reports whether an entry of the environment redirects pip.
func redirectsPip(entry string) bool {
	name, _, _ := strings.Cut(entry, "=")
	return slices.ContainsFunc(pipRedirects[:], func(setting string) bool { return name == pipVariable(setting) })
}

// PipEnviron returns environ for a pip that runs a command ("install") under the Python
// with that prefix. It leaves out the settings that redirect pip, from variables and from
// pip's files. The settings that say where packages come from (index, proxy,
// certificates, cache) stay. If a file redirects pip, then pip reads no file, and gets
// the other settings of all files as variables.
func PipEnviron(environ []string, prefix, command string) []string {
	kept := slices.DeleteFunc(slices.Clone(environ), redirectsPip)
	set := func(name string) string { return Getenv(kept, name) }
	settings, redirects := pipSettings(pipFiles(set, prefix), command)
	if !redirects {
		return kept
	}
	kept = append(kept, "PIP_CONFIG_FILE="+os.DevNull)
	for setting, value := range settings {
		if variable := pipVariable(setting); set(variable) == "" {
			kept = append(kept, variable+"="+value)
		}
	}
	return kept
}

// HasPipIndex reports whether the settings of pip, under the Python with that prefix,
// say where packages come from instead of the public index.
func HasPipIndex(environ []string, prefix string) bool {
	set := func(name string) string { return Getenv(environ, name) }
	settings, _ := pipSettings(pipFiles(set, prefix), "install")
	return slices.ContainsFunc([]string{"index-url", "extra-index-url", "find-links", "no-index"}, func(setting string) bool {
		return set(pipVariable(setting)) != "" || settings[setting] != ""
	})
}

// pipFiles are the configuration files that pip reads, the later ones before the
// earlier (https://pip.pypa.io/en/stable/topics/configuration/).
func pipFiles(set func(name string) string, prefix string) []string {
	own := set("PIP_CONFIG_FILE")
	if own == os.DevNull {
		return nil
	}
	home := set("HOME")
	config := set("XDG_CONFIG_HOME")
	if config == "" {
		config = filepath.Join(home, ".config")
	}
	var files []string
	if runtime.GOOS == "darwin" {
		files = append(files, "/Library/Application Support/pip/pip.conf")
	} else {
		dirs := set("XDG_CONFIG_DIRS")
		if dirs == "" {
			dirs = "/etc/xdg"
		}
		for _, dir := range filepath.SplitList(dirs) {
			files = append(files, filepath.Join(dir, "pip", "pip.conf"))
		}
		files = append(files, "/etc/pip.conf")
	}
	if _, err := os.Stat(own); own == "" || err != nil {
		files = append(files, filepath.Join(home, ".pip", "pip.conf"))
		if support := filepath.Join(home, "Library", "Application Support", "pip"); runtime.GOOS == "darwin" {
			if info, err := os.Stat(support); err == nil && info.IsDir() {
				config = filepath.Dir(support)
			}
		}
		files = append(files, filepath.Join(config, "pip", "pip.conf"))
	}
	return append(files, filepath.Join(prefix, "pip.conf"), own)
}

// pipSettings reads the settings that a command of pip takes from its files, but
// for those that redirect, and reports whether there are such.
func pipSettings(files []string, command string) (settings map[string]string, redirects bool) {
	general, special := make(map[string]string), make(map[string]string)
	for _, file := range files {
		for section, values := range readINI(file) {
			for key, value := range values {
				key = strings.TrimPrefix(strings.ReplaceAll(key, "_", "-"), "--")
				switch {
				case section != "global" && section != command:
				case slices.Contains(pipRedirects[:], key):
					redirects = true
				case section == "global":
					general[key] = value
				default:
					special[key] = value
				}
			}
		}
	}
	for key, value := range special {
		if value != "" {
			general[key] = value
		}
	}
	return general, redirects
}

// maxINI is as much of a configuration file as is read.
const maxINI = 1 << 20

// readINI reads a file as Python's configparser does, in the form that pip asks
// of it: sections, keys in lower case, and values that go on in lines that are
// further in. Of a file that cannot be read nothing is known.
func readINI(path string) map[string]map[string]string {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxINI {
		return nil
	}
	text, err := disk.ReadSmall(path)
	if err != nil {
		return nil
	}
	sections := make(map[string]map[string]string)
	var section map[string]string
	key, indent := "", 0
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\uFEFF")) {
		content := strings.TrimSpace(line)
		if content == "" || content[0] == '#' || content[0] == ';' {
			continue
		}
		if in := len(line) - len(strings.TrimLeft(line, " \t")); key != "" && in > indent {
			section[key] += "\n" + content
			continue
		} else {
			indent = in
		}
		key = ""
		if name, ok := strings.CutPrefix(content, "["); ok {
			name, _, _ = strings.Cut(name, "]")
			if sections[name] == nil {
				sections[name] = make(map[string]string)
			}
			section = sections[name]
		} else if at := strings.IndexAny(content, "=:"); at > 0 && section != nil {
			key = strings.ToLower(strings.TrimSpace(content[:at]))
			section[key] = strings.TrimSpace(content[at+1:])
		}
	}
	return sections
}
