package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/serve"
	"den/cmd/waste"
	"den/completions"
	"den/env/layout"
	"den/shell"
	"den/shell/shells"
)

// completeCommand is what the shells' completion calls. Whatever goes wrong, it
// has nothing to offer and nothing to say: the person is in the middle of a line.
func (a *app) completeCommand() *cobra.Command {
	return &cobra.Command{
		Use:                "complete SHELL NAME WORD...",
		Short:              "Say how a command line can go on",
		Hidden:             true,
		DisableFlagParsing: true,
		Annotations:        map[string]string{readOnly: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			if s, err := shells.ByName(args[0]); err == nil {
				// It ends the same way whatever the error, so it is dropped.
				_ = completions.Reply(a.stdout, s.Completion.Form, args[1:], func(name string, line completions.Line) completions.Answer {
					return a.complete(cmd.Root(), name, line)
				})
			}
			return nil
		},
	}
}

// complete answers for a line after a function of the integration, or after den
// itself, by whatever name.
func (a *app) complete(root *cobra.Command, name string, line completions.Line) completions.Answer {
	if word, ok := wordNamed(name); ok {
		command := strings.Fields(word.Command)
		if c, _, err := root.Find(command); err == nil {
			c.Hidden = false // whoever has typed the word knows it
		}
		line.Words = append(command, line.Words...)
	}
	return completions.Complete(root, line, a.predictors(root))
}

// predictors says what arguments can be, by what the commands call them.
func (a *app) predictors(root *cobra.Command) completions.Predictors {
	all := completions.Predictors{
		"NAME":                          a.environmentNames,
		"undo NAME":                     a.keptNames,
		"OLD":                           a.environmentNames,
		"HOOK":                          hookNames,
		"run COMMAND":                   a.programs,
		"ARGUMENT":                      a.ownArguments,
		"all ARGUMENT":                  ownArgumentsAnywhere,
		"SUBDIRECTORY":                  a.subdirectories,
		"SETTING":                       a.settingNames,
		"config unset SETTING":          a.settingsInFile,
		"VALUE":                         a.settingValues,
		"site-packages cd SUBDIRECTORY": a.packageDirectories,
		"project cd SUBDIRECTORY":       a.projectDirectories,
		"pth remove DIRECTORY":          a.extendedBy,
		"DIRECTORY":                     directories,
		"serve NAME":                    a.servedNames,
		"serve init NAME":               a.environmentNames,
		"KERNEL":                        a.kernelNames,
		"KEY":                           a.variableNames,
		"all COMMAND":                   a.programsAnywhere,
		"template":                      a.templates,
		"help COMMAND":                  func(completions.Place) completions.Offer { return commandNames(root) },
		"interpreter":                   a.interpreters,
		"KIND":                          words("kind", waste.Kinds()...),
		"span":                          words("span", "30d", "90d", "180d", "365d"),
		"--sort":                        words("column", sortColumnNames()...),
		"--backend":                     words("backend", layout.Backends()...),
		"--server":                      words("server", serve.Servers()...),
		"--interface":                   words("interface", serve.WSGI, serve.ASGI),
		"--requirements":                requirementFiles,
		"group":                         dependencyGroups,
		"script":                        scripts,
		"unpack FILE":                   packedFiles,
		"pack --format":                 words("format", packFormats...),
		"path":                          files,
		"layout":                        directories,
		"HOST":                          sshHosts,
		"file":                          files,
		"lock --format":                 words("form", formatPylock, formatRequirements),
		"FILE":                          requirementFiles,
		"OTHER":                         a.environmentsAndLists,
		"tool":                          words("tool", wrapper),
		"--auto":                        words("mode", "linked", autoOn, shell.AutoOff),
		"directory":                     directories,
	}
	for _, name := range []string{"vars NAME", "SRC", "run NAME", "lock NAME", "diff NAME", "show NAME", "path NAME", "project show NAME", "ENV"} {
		all[name] = a.environmentsAnywhere
	}
	// For these there is nothing to offer: they are new, on another machine, or for no person
	// to type. A space would close a KEY=. The commands below a COMMAND are offered anyway.
	for _, name := range []string{
		"mk NAME", "unpack NAME", "project new NAME", "DST", "NEW", "KEY=VALUE", "COMMAND",
		"APP", "host", "address=directory", "port", "size", "account", "number", "name", "version", "module", "tag", "--to",
		"OPTION", "option", "program",
	} {
		all[name] = nothing
	}
	return all
}

func nothing(completions.Place) completions.Offer { return completions.Offer{} }

// requirementFiles predicts a file for pip's -r: those that are called as such
// are, or else other texts, or else any.
func requirementFiles(completions.Place) completions.Offer {
	return completions.Offer{What: "requirement file", Paths: completions.AnyFile,
		Preferred: []string{"*requirements*.txt *requirements*.in pylock*.toml", "*.txt"}}
}

// packedFiles predicts a packed environment.
func packedFiles(completions.Place) completions.Offer {
	return completions.Offer{What: "packed environment", Paths: completions.AnyFile, Preferred: []string{"*" + packedSuffix}}
}

func files(completions.Place) completions.Offer {
	return completions.Offer{What: "file", Paths: completions.AnyFile}
}

// environmentsAndLists predicts an environment other than the one before, by its name, or
// a file that lists packages.
func (a *app) environmentsAndLists(place completions.Place) completions.Offer {
	offer := requirementFiles(place)
	if !isTypedPath(place.Word) {
		offer.What = "environment"
		offer.Candidates = a.environmentNames(place).Without(place.Given...).Candidates
	}
	return offer
}

func directories(completions.Place) completions.Offer {
	return completions.Offer{What: "directory", Paths: completions.Directories}
}

// words predicts one of a few words.
func words(what string, texts ...string) completions.Predictor {
	return func(completions.Place) completions.Offer {
		offer := completions.Offer{What: what}
		for _, text := range texts {
			offer.Candidates = append(offer.Candidates, completions.Candidate{Text: text})
		}
		return offer
	}
}

// commandNames are those that help lists.
func commandNames(root *cobra.Command) completions.Offer {
	offer := completions.Offer{What: "command"}
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			offer.Candidates = append(offer.Candidates, completions.Candidate{Text: c.Name(), Describe: func() string { return c.Short }})
		}
	}
	return offer
}
