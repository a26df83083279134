package layout

import "testing"

func TestScriptPython(t *testing.T) {
	for _, row := range []struct{ script, want string }{
		{"#!/e/web/bin/python3\nx\n", "/e/web/bin/python3"},
		{"#! /e/web/bin/python3 -E\r\nx\n", "/e/web/bin/python3"},
		{"#!\"/e/my env/bin/python\"\nx\n", "/e/my env/bin/python"},
		{"#!/e/web/bin/pypy3.10", "/e/web/bin/pypy3.10"},
		{string(Shebang("/e/it's $HOME/bin/python", "-s", "-E")) + "x\n", "/e/it's $HOME/bin/python"},
		{"#!/bin/sh\n'''exec' \"/e/my env/bin/python\" \"$0\" \"$@\"\n' '''\nx\n", "/e/my env/bin/python"},
		{"#!/usr/bin/env python3\nx\n", ""},
		{"#!/bin/sh\necho\n", ""},
		{"#!/usr/bin/perl\n", ""},
		{"#!python\n", ""},
		{"\x7fELF", ""},
		{"", ""},
	} {
		if got := ScriptPython([]byte(row.script)); got != row.want {
			t.Errorf("%q: %q, want %q", row.script, got, row.want)
		}
	}
}
