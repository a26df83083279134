package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// hintTexts are the texts of all hints in the source of package cmd and of those
// below it: those that hint.With, hint.WithAll and hintf are called with.
func hintTexts(t *testing.T) map[string]string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"../*.go", "../*/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	texts := make(map[string]string)
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			first, ok := map[string]int{"hint.With": 1, "hint.WithAll": 1, "hintf": 0}[called(call)]
			if !ok || len(call.Args) <= first {
				return true
			}
			if text := literal(call.Args[first]); text != "" && text != "%s" {
				texts[text] = set.Position(call.Pos()).String()
			}
			return true
		})
	}
	return texts
}

// called is the name of the function or method that is called, with its package
// where that is hint.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if of, ok := f.X.(*ast.Ident); ok && of.Name == "hint" {
			return "hint." + f.Sel.Name
		}
		return f.Sel.Name
	}
	return ""
}

// literal is the text of an expression: string literals, and "%s" for what else
// is added to them.
func literal(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil {
			return text
		}
	case *ast.BinaryExpr:
		return literal(e.X) + literal(e.Y)
	}
	return "%s"
}

// verb matches what stands for a value in a format.
var verb = regexp.MustCompile(`%[sqdv]`)

// matches is a pattern for what a format makes.
func matches(format string) *regexp.Regexp {
	parts := verb.Split(strings.ReplaceAll(format, "%%", "%"), -1)
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile("^" + strings.Join(parts, "(?s:.*)") + "$")
}
