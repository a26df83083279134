package push

import (
	"context"
	"fmt"
	"path/filepath"
)

// A ReloadError says that the site of an environment that was pushed does not reload.
type ReloadError struct {
	Err  error
	Back error // why the version before is not back; nil where it is
}

func (e *ReloadError) Error() string { return fmt.Sprintf("its site does not reload: %s", e.Err) }

func (e *ReloadError) Unwrap() error { return e.Err }

// reload calls den there, which has to be installed.
const reload = `PATH=$HOME/.local/bin:$PATH
export PATH
den --workon-home "$home" serve reload "$name"
`

// Reload has den on the host reload the site of the environment at a path there: it
// checks the application, and replaces the workers of the server.
func Reload(ctx context.Context, ssh []string, host, path string) error {
	_, err := runScript(ctx, ssh, host, assign("home", filepath.Dir(path))+assign("name", filepath.Base(path))+reload, nil)
	return err
}
