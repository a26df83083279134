// Package conformance is den's conformance table: every promise den makes
// about a shell, kept in every shell it supports.
//
// A row is a test: a scenario such as "switch" or "odd names". A column is a
// real shell (bash, zsh, fish and others), started for real: most rows are scripts, those
// about what is on the screen run in an interactive shell on a pseudo-terminal.
// The variables DEN_TEST_BASH and DEN_TEST_ZSH name another bash and zsh than those
// on PATH. A row names no shell. What differs between shells, such as the way to export
// a variable, is written once for each in the column's own file, and rows are
// made of those phrases and of the commands that people type.
//
// Much that each row would do again is done once for all: den knows the interpreter
// already, and a xonsh that has read and compiled itself forks for each script.
//
// The package holds tests only. What a plan contains is tested where plans are
// made; here only what a shell makes of it counts.
package conformance
