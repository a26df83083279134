package main

// distribution is den's name on the Python package index, where "den" is
// another project.
const distribution = "den-venv"

const (
	summary     = "Named Python environments, in every shell"
	description = `den keeps a directory of named Python environments and makes, enters, lists,
leaves and removes them by name, in bash, zsh, fish and other shells, with the
words of virtualenvwrapper. "den setup" adds it to your shell.`
)
