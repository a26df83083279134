# needs-nothing reports whether nothing has to be expanded, run or resumed: no den was
# active in the shell that started this one, the settings are those that are known
# here, and the initialize hook is not there or still the template, all comments.
def needs-nothing [] {
    if not ($env.DEN_ACTIVE? | is-empty) or ($env.HOME? | is-empty) { return false }
    let config = if ($env.XDG_CONFIG_HOME? | is-empty) { $"($env.HOME)/.config/den/config.toml" } else { $"($env.XDG_CONFIG_HOME)/den/config.toml" }
    if $config != DEN_CONFIG or ($config | path exists) != DEN_HAS_CONFIG { return false }
    if DEN_HAS_CONFIG and (ls -D $config | get 0.modified) > (ls -D DEN_FILE | get 0.modified) { return false }
    let home = if ($env.WORKON_HOME? | is-empty) { DEN_HOME } else { $env.WORKON_HOME }
    let kept_hooks = DEN_HOOKS
    let hooks = [($env.VIRTUALENVWRAPPER_HOOK_DIR? | default "") $kept_hooks $home] | where $it != "" | first
    if ([$home $hooks] | any {|dir| $dir =~ '[$~]|//|^[^/]' }) { return false }
    if ($"($hooks)/initialize.nu" | path exists) { return false }
    let hook = $"($hooks)/initialize"
    if not ($hook | path exists) { return true }
    try { open --raw $hook | lines | all {|line| $line == "" or ($line | str starts-with "#") } } catch { false }
}
