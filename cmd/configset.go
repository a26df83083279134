package cmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/paths"
	"den/cmd/startup"
	"den/cmd/tomledit"
	"den/completions"
	"den/env"
)

func (a *app) configSetCommand() *cobra.Command {
	c := &cobra.Command{
		Use:        "set SETTING VALUE",
		SuggestFor: []string{"add", "edit"},
		Short:      "Change a setting in the configuration file",
		Long: `Writes the value of a setting to the configuration file, which it makes if there is
none. Comments, the order of the lines and all else in the file stay. A value that
the setting cannot have is refused. A flag or an environment variable goes before
the file; den says so if the variable is set.`,
		Example:     "  den config set python 3.12\n  den config set cd false\n  den config set workon_home '~/envs'",
		Annotations: map[string]string{readOnly: "yes"},
		Args: func(cmd *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return missingArgument(cmd, "setting")
			case 1:
				return needsToo(cmd, fmt.Sprintf("a value for %q", args[0]))
			case 2:
				return nil
			}
			return hint.With(usagef("%q takes a setting and a value, and got %s", typedAs(cmd), quoted(args, ", ")), "put a value with spaces in quotes: den config set %s %s", hint.Word(args[0]), hint.Word(strings.Join(args[1:], " ")))
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := settingNamed(args[0])
			if err != nil {
				return err
			}
			return a.setSetting(cmd.Context(), t, args[1])
		},
	}
	c.Flags().SetInterspersed(false) // a value may begin with a dash
	return c
}

func (a *app) configUnsetCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "unset SETTING",
		SuggestFor:  []string{"rm", "remove", "delete"},
		Short:       "Take a setting out of the configuration file",
		Long:        `Takes the line of a setting out of the configuration file. All else in it stays.`,
		Example:     "  den config unset python",
		Annotations: map[string]string{readOnly: "yes"},
		Args:        exactlyOne("setting"),
		RunE: func(_ *cobra.Command, args []string) error {
			t, err := settingNamed(args[0])
			if err != nil {
				return err
			}
			file, err := a.openSettings()
			if err != nil {
				return err
			}
			if !tomledit.Has(file.Content, t.Key) {
				a.notef("%s is not in %s", t.Key, printable(file.Path))
				return nil
			}
			changed, err := tomledit.Unset(file.Content, t.Key)
			return a.putSettings(file, t, changed, err)
		},
	}
}

// setSetting writes the value of a setting to the configuration file.
func (a *app) setSetting(ctx context.Context, t setting, value string) error {
	written, err := a.settings.checkNew(t, value)
	if err != nil {
		return err
	}
	file, err := a.openSettings()
	if err != nil {
		return err
	}
	changed, err := tomledit.Set(file.Content, t.Key, written)
	if err := a.putSettings(file, t, changed, err); err != nil {
		return err
	}
	if t.Key == keyPython {
		if _, err := a.finder(value).Find(ctx, value); err != nil {
			a.warnOf(err)
		}
	}
	return nil
}

// checkNew returns a new value of a setting as it stands in the file.
func (s *settings) checkNew(t setting, value string) (written any, err error) {
	refused := func(format string, args ...any) error {
		return usagef("the setting %s cannot be %q: %w", t.Key, value, fmt.Errorf(format, args...))
	}
	switch {
	case value == "":
		return nil, hint.With(refused("it is empty"), "to have the default: den config unset %s", t.Key)
	case !utf8.ValidString(value):
		return nil, refused("it is not UTF-8")
	case strings.ContainsFunc(value, unicode.IsControl):
		return nil, refused("it has a control character in it")
	case t.Key == keyCd && t.allows(asBool(value)):
		return asBool(value) == "true", nil
	case !t.allows(value):
		return nil, t.refuse(value, usagef("the setting %s cannot be %q", t.Key, value))
	case t.Key == keyProjectFilename && !filepath.IsLocal(value):
		return nil, refused("it has to be the name of a file in the environment")
	case t.isDir:
		dir, err := s.expandDir(value)
		if err == nil && t.Key == keyWorkonHome {
			_, err = env.NewHome(dir)
		}
		if err != nil {
			return nil, refused("%w", err)
		}
	}
	return value, nil
}

// openSettings reads the configuration file, to change it. One that den does not
// read, or not trust, it does not change.
func (a *app) openSettings() (startup.File, error) {
	if err := a.settings.load(); err != nil {
		return startup.File{}, err
	}
	path := a.settings.file()
	if !filepath.IsAbs(path) {
		return startup.File{}, errors.New("HOME is not set, so there is no configuration file")
	}
	file, err := startup.Open(path)
	if err != nil {
		return file, fmt.Errorf("reading the settings in %s: %w", path, err)
	}
	return file, nil
}

// putSettings writes the changed file, unless it could not be changed.
func (a *app) putSettings(file startup.File, t setting, changed string, err error) error {
	if errors.Is(err, tomledit.ErrForm) {
		return hint.With(fmt.Errorf("%s in %s: %w", t.Key, file.Path, err), "change it in your editor: %s %s", "${EDITOR:-vi}", hint.Path(file.Path))
	}
	if err != nil {
		return err
	}
	if err := file.Put(changed); err != nil {
		return fmt.Errorf("writing %s: %w", file.Path, err)
	}
	a.settings.loaded = false // what is read from now on is the new file
	if t.Key == keyAuto {
		a.writeInitFiles()
	}
	v, err := a.settings.value(t.Key)
	if err != nil {
		a.warnOf(err) // of a variable: the file is right
		return nil
	}
	if v.Value == "" && !slices.Contains(t.Variables, v.Origin) {
		a.donef("the setting %s has no value now", t.Key)
	} else {
		a.donef("the setting %s is %q now (from %s)", t.Key, v.Value, v.Origin)
	}
	if slices.Contains(t.Variables, v.Origin) {
		a.notef("%s is set, and goes before %s", v.Origin, printable(file.Path))
	}
	return nil
}

// settingNames predicts a setting, and describes it by its value and what it is.
func (a *app) settingNames(completions.Place) completions.Offer {
	offer := completions.Offer{What: "setting"}
	for _, t := range settingTable {
		description := t.Description
		if value, err := a.settings.text(t.Key); err == nil && value != "" {
			description = paths.Short(value) + ": " + description
		}
		offer.Candidates = append(offer.Candidates, completions.Candidate{Text: t.Key, Describe: func() string { return description }})
	}
	return offer
}

// settingsInFile predicts a setting that the configuration file has.
func (a *app) settingsInFile(place completions.Place) completions.Offer {
	offer := completions.Offer{What: "setting"}
	if file, err := a.openSettings(); err == nil {
		for _, c := range a.settingNames(place).Candidates {
			if tomledit.Has(file.Content, c.Text) {
				offer.Candidates = append(offer.Candidates, c)
			}
		}
	}
	return offer
}

// settingValues predicts a value of the setting that is given.
func (a *app) settingValues(place completions.Place) completions.Offer {
	t, err := settingNamed(place.Given[0])
	switch {
	case err != nil:
		return completions.Offer{}
	case t.Key == keyPython:
		return a.interpreters(place)
	case t.isDir:
		return directories(place)
	}
	return words("value", t.values...)(place)
}
