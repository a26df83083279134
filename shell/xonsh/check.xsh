def __den_needs_nothing():
    """Reports whether nothing has to be expanded, run or resumed: no den was active
    in the shell that started this one, the settings are those that are known here,
    and the initialize hook is not there or still the template, all comments."""
    import os
    import re

    from xonsh.built_ins import XSH

    get = XSH.env.detype().get
    if get("DEN_ACTIVE") or not get("HOME"):
        return False
    config = (get("XDG_CONFIG_HOME") or get("HOME") + "/.config") + "/den/config.toml"
    if config != DEN_CONFIG or os.path.exists(config) != DEN_HAS_CONFIG:
        return False
    if DEN_HAS_CONFIG and os.stat(config).st_mtime > os.stat(DEN_FILE).st_mtime:
        return False
    home = get("WORKON_HOME") or DEN_HOME
    hooks = get("VIRTUALENVWRAPPER_HOOK_DIR") or DEN_HOOKS or home
    if any(re.search("[$~]|//|^[^/]", directory) for directory in (home, hooks)):
        return False
    hook = hooks + "/initialize"
    if os.path.exists(hook + ".xsh"):
        return False
    if not os.path.exists(hook):
        return True
    try:
        with open(hook, "rb") as f:
            return all(line.strip() == b"" or line.startswith(b"#") for line in f)
    except OSError:
        return False
