use path
use re

# first returns the first text that is not empty, or an empty one.
fn first {|@texts|
    for text $texts { if (not-eq $text '') { put $text; return } }
    put ''
}

fn is-there {|file| or (path:is-regular &follow-symlink $file) (path:is-dir &follow-symlink $file) }

# needs-nothing reports whether nothing has to be expanded, run or resumed: no den was
# active in the shell that started this one, the settings are those that are known
# here, and the initialize hook is not there or still the template, all comments.
fn needs-nothing {
    if (or (not-eq $E:DEN_ACTIVE '') (eq $E:HOME '')) { put $false; return }
    var config = (first $E:XDG_CONFIG_HOME $E:HOME/.config)/den/config.toml
    var home = (first $E:WORKON_HOME DEN_HOME)
    var hooks = (first $E:VIRTUALENVWRAPPER_HOOK_DIR DEN_HOOKS $home)
    for dir [$home $hooks] { if (re:match '[$~]|//|^[^/]|^$' $dir) { put $false; return } }
    if (or (not-eq $config DEN_CONFIG) (not-eq (is-there $config) DEN_HAS_CONFIG) (is-there $hooks/initialize.elv)) { put $false; return }
    if (and DEN_HAS_CONFIG ?(/bin/sh -c '[ "$1" -nt "$2" ]' sh $config DEN_FILE)) { put $false; return }
    if (not (is-there $hooks/initialize)) { put $true; return }
    try { not (re:match '(?m)^[^#\n]' (slurp < $hooks/initialize)) } catch _ { put $false }
}
