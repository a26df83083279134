package cmd

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// Reference writes the reference of all commands and flags, but for the hidden
// ones, as a page of Markdown. It says what their help says.
func Reference(w io.Writer) error {
	var page strings.Builder
	paragraph := func(format string, args ...any) { fmt.Fprintf(&page, format+"\n\n", args...) }
	root := (&app{}).rootCommand("", "")

	paragraph("# Commands")
	paragraph("This page has the text of `den help` and of `den help COMMAND`. `make docs` makes it from the program.")
	paragraph("%s", markdown(root.Long))
	paragraph("%s", codeBlock(root.Example))
	for _, group := range root.Groups() {
		fmt.Fprintf(&page, "%s\n\n", group.Title)
		for _, c := range commandsIn(root, group.ID) {
			fmt.Fprintf(&page, "- [`%s`](#%s): %s\n", c.CommandPath(), anchor(c), lowerFirst(c.Short))
		}
		page.WriteString("\n")
	}
	paragraph("Flags that all of them take, `-h` or `--help` among them:")
	paragraph("%s", codeBlock(root.PersistentFlags().FlagUsages()))
	for _, group := range root.Groups() {
		for _, c := range commandsIn(root, group.ID) {
			describeCommand(paragraph, c)
			for _, sub := range commandsIn(c, "") {
				describeCommand(paragraph, sub)
			}
		}
	}
	_, err := io.WriteString(w, strings.TrimRight(page.String(), "\n")+"\n")
	return err
}

// commandsIn returns the commands of a group that help shows, sorted by name.
func commandsIn(root *cobra.Command, group string) []*cobra.Command {
	var commands []*cobra.Command
	for _, c := range root.Commands() {
		if c.GroupID == group && c.IsAvailableCommand() {
			commands = append(commands, c)
		}
	}
	return commands
}

// describeCommand writes a command's part of the page.
func describeCommand(paragraph func(format string, args ...any), c *cobra.Command) {
	paragraph("## %s", c.CommandPath())
	paragraph("%s", codeBlock(c.UseLine()))
	if names := otherNames(c); len(names) > 0 {
		paragraph("Also called `%s`.", strings.Join(names, "`, `"))
	}
	paragraph("%s", markdown(c.Long))
	if flags := c.LocalNonPersistentFlags().FlagUsages(); flags != "" {
		paragraph("Flags:")
		paragraph("%s", codeBlock(flags))
	}
	paragraph("Examples:")
	paragraph("%s", codeBlock(c.Example))
}

// otherNames are the words of the shell's integration for a command, and its
// aliases.
func otherNames(c *cobra.Command) []string {
	var names []string
	for _, word := range wordTable {
		if "den "+word.Command == c.CommandPath() {
			names = append(names, word.Name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	for _, alias := range c.Aliases {
		names = append(names, strings.TrimSuffix(c.CommandPath(), c.Name())+alias)
	}
	return names
}

// markdown turns the text of a help, in which examples are indented, into
// paragraphs and code blocks.
func markdown(text string) string {
	blocks := strings.Split(text, "\n\n")
	for i, block := range blocks {
		if strings.HasPrefix(block, " ") {
			blocks[i] = codeBlock(block)
		} else {
			blocks[i] = strings.NewReplacer(`*`, `\*`, `<`, `\<`).Replace(block)
		}
	}
	return strings.Join(blocks, "\n\n")
}

// codeBlock indents lines by four columns, whatever their indentation was.
func codeBlock(text string) string {
	lines := strings.Split(trimMargin(text), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "    " + line
		}
	}
	return strings.Join(lines, "\n")
}

// trimMargin returns the lines without the indentation that all of them have,
// and without empty lines around them.
func trimMargin(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	margin := len(text)
	for _, line := range lines {
		if line != "" {
			margin = min(margin, len(line)-len(strings.TrimLeft(line, " ")))
		}
	}
	for i, line := range lines {
		if line != "" {
			lines[i] = line[margin:]
		}
	}
	return strings.Join(lines, "\n")
}

// anchor is what a command's heading is called in links.
func anchor(c *cobra.Command) string {
	return strings.ReplaceAll(c.CommandPath(), " ", "-")
}

func lowerFirst(text string) string { return strings.ToLower(text[:1]) + text[1:] }
