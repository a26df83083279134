package env

import (
	"os"
	"path/filepath"
)

// BaseHome returns the directory of the Python that the environment was made
// with, where pyvenv.cfg says so; "" where it does not.
func (e Environment) BaseHome() string {
	config, err := ReadConfig(e.Path)
	if err != nil {
		return ""
	}
	return config.Home()
}

// HasCopy reports whether the environment has a copy of its interpreter.
func (e Environment) HasCopy() bool {
	real, err := filepath.EvalSymlinks(e.Python())
	bin, binErr := filepath.EvalSymlinks(e.Bin())
	return err == nil && binErr == nil && filepath.Dir(real) == bin
}

// HasEnsurepip reports whether the Python that the environment was made with can
// install pip by itself.
func (e Environment) HasEnsurepip() bool {
	site, err := e.SitePackages()
	if err != nil {
		return false
	}
	library := filepath.Base(filepath.Dir(site)) // python3.12
	_, err = os.Stat(filepath.Join(filepath.Dir(e.BaseHome()), "lib", library, "ensurepip", "__init__.py"))
	return err == nil
}
