# Succeeds if nothing has to be expanded, run or resumed: no den was active
# in the shell that started this one, the settings are those that are known
# here, and the initialize hook is not there or still the template, all comments.
function __den_needs_nothing
    builtin test -z "$DEN_ACTIVE" -a -n "$HOME"; or builtin return 1
    builtin set -l config $HOME/.config/den/config.toml
    builtin test -n "$XDG_CONFIG_HOME"; and builtin set config $XDG_CONFIG_HOME/den/config.toml
    if DEN_OTHER_SETTINGS
        builtin return 1
    end
    builtin set -l home DEN_HOME
    builtin test -n "$WORKON_HOME"; and builtin set home $WORKON_HOME
    builtin set -l hooks DEN_HOOKS
    builtin test -n "$hooks"; or builtin set hooks $home
    builtin test -n "$VIRTUALENVWRAPPER_HOOK_DIR"; and builtin set hooks $VIRTUALENVWRAPPER_HOOK_DIR
    builtin string match -qr '[$~]|//|^[^/]' -- $home $hooks; and builtin return 1
    builtin test -e "$hooks/initialize.fish"; and builtin return 1
    builtin test -e "$hooks/initialize"; or builtin return 0
    builtin test -r "$hooks/initialize"; or builtin return 1
    not builtin string match -qr '^(?!#).' <"$hooks/initialize"
end
