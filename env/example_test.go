package env_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"den/env"
)

func Example() {
	dir, err := os.MkdirTemp("", "venvs")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	home, err := env.NewHome(dir)
	if err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	// The packages env/layout and env/python have more to put into one.
	layOut := func(ctx context.Context, dir, final string) error {
		if err := os.Mkdir(filepath.Join(dir, "bin"), 0o777); err != nil {
			return err
		}
		if err := os.Symlink("/usr/bin/python3", filepath.Join(dir, "bin", "python")); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, "pyvenv.cfg"), []byte("home = /usr/bin\nversion = 3.12.1\n"), 0o666)
	}
	for _, name := range []string{"web", "it's me", "web"} {
		if _, err := home.Create(ctx, name, layOut); err != nil {
			fmt.Println(err)
		}
	}
	web, err := home.Find("web")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(web.Name, web.PythonVersion())

	if err := home.Remove(ctx, "web"); err != nil {
		log.Fatal(err)
	}
	names, err := home.Names()
	fmt.Println(names, err)
	// Output:
	// environment "web" exists already
	// web 3.12.1
	// [it's me] <nil>
}
