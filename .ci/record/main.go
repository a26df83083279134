// record makes the pictures of den in docs/pictures: it uses den in a real terminal,
// and writes what that shows as SVG.
//
//	record DEN DIRECTORY
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: record DEN DIRECTORY")
	}
	pictures, err := record(args[0])
	if err != nil {
		return err
	}
	for name, svg := range pictures {
		if err := os.WriteFile(filepath.Join(args[1], name), []byte(svg), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// record plays all scenes, and returns the pictures by their names.
func record(den string) (pictures map[string]string, err error) {
	h, err := makeHome(den)
	if err != nil {
		return nil, err
	}
	defer h.remove()
	if err := h.prepare(); err != nil {
		return nil, err
	}
	pictures = make(map[string]string)
	for _, s := range scenes {
		frames, err := h.play(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		pictures[s.name] = draw(frames, s.width, s.height)
	}
	return pictures, nil
}
