package cmd

import (
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/env"
)

func (a *app) configCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:        "config [SETTING]",
		SuggestFor: []string{"settings", "get"},
		Short:      "Show the settings and where they come from",
		Long: `Shows each setting, its value, and where the value came from: a flag, an
environment variable, the configuration file, or the default, in this order.
With the name of a SETTING, prints its value alone.

The configuration file is $XDG_CONFIG_HOME/den/config.toml, by default
~/.config/den/config.toml:

  workon_home = "~/envs"
  python = "3.12"
  cd = false

"den config set" and "den config unset" change that file.`,
		Example:     "  den config\n  den config workon_home\n  den config set python 3.12",
		Args:        atMostOne("setting"),
		Annotations: map[string]string{readOnly: "yes"},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return a.printSetting(args[0])
			}
			if err := a.settings.load(); err != nil {
				return err
			}
			var values []settingValue
			var wrong error
			for _, t := range settingTable {
				v, err := a.settings.value(t.Key)
				wrong = errors.Join(wrong, err)
				values = append(values, v)
			}
			for _, key := range a.settings.unknownKeys() {
				a.warnf("%s: no setting is named %q", a.settings.file(), key)
				if near := env.Similar(key, settingKeys()); len(near) > 0 {
					a.hintf("did you mean %s?", hint.Join(near, " or "))
				}
			}
			return errors.Join(wrong, a.printSettings(values, asJSON))
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.AddCommand(a.configSetCommand(), a.configUnsetCommand())
	return c
}

func settingKeys() []string {
	keys := make([]string, len(settingTable))
	for i, t := range settingTable {
		keys[i] = t.Key
	}
	return keys
}

// settingNamed finds a setting by its key.
func settingNamed(key string) (setting, error) {
	if i := slices.Index(settingKeys(), key); i >= 0 {
		return settingTable[i], nil
	}
	err := usagef("no setting is named %q", key)
	return setting{}, nearOr(err, env.Similar(key, settingKeys()), "the settings are "+hint.Join(settingKeys(), " and "))
}

func (a *app) printSetting(key string) error {
	if _, err := settingNamed(key); err != nil {
		return err
	}
	value, err := a.settings.text(key)
	if err != nil {
		return err
	}
	a.printf("%s\n", value)
	return nil
}

func (a *app) printSettings(values []settingValue, asJSON bool) error {
	if asJSON {
		return a.printJSON(values)
	}
	if !isTerminal(a.stdout) {
		for _, v := range values {
			a.printf("%s\t%s\t%s\n", v.Key, v.Value, v.Origin)
		}
		return nil
	}
	t := a.newTable("setting", "value", "from")
	for _, v := range values {
		t.AddRow(v.Key, printable(v.Value), printable(v.Origin))
	}
	t.Print()
	return nil
}
