package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"den/env/disk"
)

func (a *app) sitePackagesCommand() *cobra.Command {
	return a.grouping(&cobra.Command{
		Use:   "site-packages [COMMAND]",
		Short: "Look into the active environment's packages",
		Long: `Prints the directory into which the active environment's packages are installed,
goes there, or lists what is in it.`,
		Example: `  den site-packages
  cdsitepackages requests
  lssitepackages -l`,
	}, func() error {
		dir, err := a.sitePackages()
		if err == nil {
			a.printf("%s\n", dir)
		}
		return err
	}, a.sitePackagesCdCommand(), a.sitePackagesLsCommand())
}

func (a *app) sitePackagesCdCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "cd [SUBDIRECTORY]",
		Short:   "Go to the site-packages directory",
		Long:    `Goes to the site-packages directory of the active environment, or to a directory in it.`,
		Example: "  cdsitepackages\n  cdsitepackages requests",
		Args:    atMostOne("directory"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := a.requireShell("site-packages cd"); err != nil {
				return err
			}
			dir, err := a.sitePackages()
			if err != nil {
				return err
			}
			return a.goTo(dir, args)
		},
	}
}

func (a *app) sitePackagesLsCommand() *cobra.Command {
	return &cobra.Command{
		Use:        "ls [OPTION...]",
		SuggestFor: []string{"list", "show"},
		Short:      "List the site-packages directory",
		Long: `Lists the site-packages directory of the active environment with the system's ls,
which gets all the options. Then it shows the file in which "den pth" keeps its
directories, if there is one.`,
		Example: "  lssitepackages\n  lssitepackages -lt",
		// -h, for one, is an option of ls. What the integration says comes first.
		DisableFlagParsing: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			options := commandLine(args)
			if err := cmd.InheritedFlags().Parse(args[:len(args)-len(options)]); err != nil {
				return err
			}
			if slices.Equal(options, []string{"--help"}) {
				return cmd.Help()
			}
			dir, err := a.sitePackages()
			if err != nil {
				return err
			}
			ls := exec.CommandContext(cmd.Context(), "ls", append(options, dir)...)
			ls.Stdin, ls.Stdout, ls.Stderr = a.stdin, a.stdout, a.stderr
			if err := ls.Run(); err != nil {
				return childError("ls", err)
			}
			return a.printExtensions()
		},
	}
}

// sitePackages is the directory of the active environment's packages.
func (a *app) sitePackages() (string, error) {
	environment, err := a.active()
	if err != nil {
		return "", err
	}
	return environment.SitePackages()
}

// printExtensions shows the file of directories that come before site-packages.
func (a *app) printExtensions() error {
	environment, err := a.active()
	if err != nil {
		return err
	}
	file, err := environment.Extensions()
	if err != nil {
		return err
	}
	text, err := disk.ReadSmall(string(file))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	a.printf("\n%s:\n", filepath.Base(string(file)))
	_, err = a.stdout.Write(text)
	return err
}

// childError is the error of a program that has been run in den's place: its
// exit status becomes den's, and what went wrong it has said itself.
func childError(program string, err error) error {
	if failed, ok := errors.AsType[*exec.ExitError](err); ok && failed.Exited() {
		return exitStatus(failed.ExitCode())
	}
	return fmt.Errorf("running %s: %w", program, err)
}
