package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A dependency is a module that is compiled into den, or Go itself.
type dependency struct {
	path, version string
	licence       string // an SPDX expression
	text          string // of its licence files
}

// dependencies returns what is compiled into den, on any of the targets.
func (r release) dependencies(targets []target) ([]dependency, error) {
	directories := make(map[string]string) // by "path version"
	for _, t := range targets {
		// A module that replaces another in den's source is den's own.
		const format = "{{with .Module}}{{if and .Version (not .Replace)}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}"
		printed, err := r.goTool(t.environ(), "list", "-deps", "-f", format, "./cmd/den")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(printed)) {
			if module, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
				directories[module] = dir
			}
		}
	}
	printed, err := r.goTool(nil, "env", "GOROOT", "GOVERSION")
	if err != nil {
		return nil, err
	}
	goroot, version, _ := strings.Cut(strings.TrimSpace(string(printed)), "\n")
	directories["std "+version] = goroot

	var found []dependency
	for module, dir := range directories {
		d := dependency{}
		d.path, d.version, _ = strings.Cut(module, " ")
		if d.licence, d.text, err = licenceIn(dir); err != nil {
			return nil, fmt.Errorf("the licence of %s: %w", module, err)
		}
		found = append(found, d)
	}
	slices.SortFunc(found, func(a, b dependency) int { return strings.Compare(a.path, b.path) })
	return found, nil
}

// licenceMarks are words that stand in a licence, and in no other of these.
var licenceMarks = []struct{ words, id string }{
	{"Apache License", "Apache-2.0"},
	{"Neither the name of", "BSD-3-Clause"},
	{"Permission is hereby granted, free of charge", "MIT"},
	{"Mozilla Public License", "MPL-2.0"},
}

// licenceIn reads the licence files of a module.
func licenceIn(dir string) (id, text string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", "", err
	}
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if e.IsDir() || !strings.HasPrefix(name, "LICENSE") && !strings.HasPrefix(name, "COPYING") && !strings.HasPrefix(name, "NOTICE") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return "", "", err
		}
		text += strings.TrimSpace(string(content)) + "\n\n"
	}
	words := strings.Join(strings.Fields(text), " ")
	var ids []string
	for _, mark := range licenceMarks {
		if strings.Contains(words, mark.words) {
			ids = append(ids, mark.id)
		}
	}
	if len(ids) == 0 && strings.Contains(words, "Redistribution and use in source and binary forms") {
		ids = []string{"BSD-2-Clause"}
	}
	if len(ids) == 0 {
		return "", "", fmt.Errorf("no licence that is known here in %s", dir)
	}
	return strings.Join(ids, " AND "), text, nil
}

// licences is the text that goes with every copy of den.
func licences(dependencies []dependency) []byte {
	var text strings.Builder
	text.WriteString("den contains the following works of others, each under its own licence.\n")
	for _, d := range dependencies {
		fmt.Fprintf(&text, "\n%s\n%s %s: %s\n\n%s", strings.Repeat("-", 72), d.path, d.version, d.licence, d.text)
	}
	return []byte(text.String())
}

// writeMaterials writes the licences, and a list of what is in den as CycloneDX
// (https://cyclonedx.org/docs/1.6/json/).
func (r release) writeMaterials(dependencies []dependency) error {
	type object = map[string]any
	licensed := func(id string) []object {
		if strings.Contains(id, " ") {
			return []object{{"expression": id}}
		}
		return []object{{"license": object{"id": id}}}
	}
	den := "pkg:generic/den@" + r.version
	var components []object
	var references []string
	for _, d := range dependencies {
		reference := "pkg:golang/" + d.path + "@" + d.version
		references = append(references, reference)
		components = append(components, object{
			"type": "library", "bom-ref": reference, "purl": reference,
			"name": d.path, "version": d.version, "licenses": licensed(d.licence),
		})
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(object{
		"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
		"metadata": object{
			"timestamp": r.time.Format("2006-01-02T15:04:05Z"),
			"component": object{
				"type": "application", "bom-ref": den, "purl": den, "name": "den", "version": r.version,
				"description": summary, "licenses": licensed("MIT"),
				"properties": []object{{"name": "den:commit", "value": r.commit}},
			},
		},
		"components":   components,
		"dependencies": []object{{"ref": den, "dependsOn": references}},
	})
	if err != nil {
		return err
	}
	if err := r.write("THIRD-PARTY-LICENSES.txt", licences(dependencies)); err != nil {
		return err
	}
	return r.write("den-"+r.version+".cdx.json", text.Bytes())
}
