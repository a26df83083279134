package cmd

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"den/cmd/hint"
	"den/cmd/obtain"
	"den/env/disk"
	"den/env/python"
	"den/env/python/child"
)

// The values of the setting get_python, beside the names of tools.
const (
	getPythonAsk   = "ask"
	getPythonNever = "never"
)

// findOrGet finds an interpreter. One that is not there, it has a tool install, if the
// person wants that.
func (a *app) findOrGet(ctx context.Context, request string) (python.Interpreter, error) {
	found, err := a.finder(request).Find(ctx, request)
	if !as[*python.NotFoundError](err) {
		return found, err
	}
	tool, path, wanted, choiceErr := a.chooseTool(ctx, request)
	if choiceErr != nil {
		return found, choiceErr
	}
	if !wanted {
		return found, err
	}
	c := exec.CommandContext(ctx, path, tool.Args...)
	c.Env = child.Environ(os.Environ())
	c.Stdin, c.Stdout, c.Stderr = a.stdin, a.stdout, a.stderr
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			return found, ctx.Err()
		}
		return found, hint.With(fmt.Errorf("%s: %w", tool.Command(), err), "take another Python (den pythons lists them): -p PYTHON")
	}
	if found, err = a.finder(request).Find(ctx, request); err != nil {
		err = fmt.Errorf("%s reports success, but %w", tool.Name, err)
	}
	return found, err
}

// chooseTool returns the tool that is to install a Python, and its path, if one is.
func (a *app) chooseTool(ctx context.Context, request string) (tool obtain.Tool, path string, wanted bool, err error) {
	setting, err := a.settings.text(keyGetPython)
	if err != nil || setting == getPythonNever {
		return tool, "", false, err
	}
	for _, tool := range obtain.Tools(request) {
		path, err := exec.LookPath(tool.Name)
		if err != nil || setting != getPythonAsk && setting != tool.Name {
			continue
		}
		if setting == tool.Name {
			a.notef("there is no Python for %q here yet: %s", request, tool.Command())
			return tool, path, true, nil
		}
		wanted, err := a.confirm(ctx, "no Python was found for %q. Run %s?", request, tool.Command())
		return tool, path, wanted, err
	}
	return tool, "", false, nil
}

// waysToGet are the next steps where there is no Python that a person has asked for.
func waysToGet(missing *python.NotFoundError) []string {
	if strings.Contains(missing.Request, "/") {
		return []string{"name a Python by path, command or version: -p 3.12"}
	}
	var ways []string
	if len(missing.Available) > 0 {
		ways = append(ways, "there are: "+strings.Join(missing.Available, ", "))
	}
	tools := obtain.Tools(missing.Request)
	if len(tools) == 0 {
		if len(ways) == 0 {
			ways = append(ways, installPython)
		}
		return ways
	}
	command := obtain.Package(system(), tools[0].Args[len(tools[0].Args)-1])
	for _, tool := range tools {
		if _, err := exec.LookPath(tool.Name); err == nil {
			command = tool.Command()
			break
		}
	}
	if command != "" {
		ways = append(ways, "to get it: "+command)
	}
	return append(ways, `other ways to get one: den help pythons`)
}

// system is the name of this system, as obtain.Package has it.
func system() string {
	release, err := disk.ReadSmall("/etc/os-release")
	if id := obtain.ID(string(release)); err == nil && id != "" {
		return id
	}
	return runtime.GOOS
}
