package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// wordFlag is the flag by which a word of the integration says its name.
const wordFlag = "as"

// typedAs returns how the person has called a command: by a word of the
// integration, or as one of den's.
func typedAs(c *cobra.Command) string {
	if flag := c.Flag(wordFlag); flag != nil && flag.Value.String() != "" {
		return flag.Value.String()
	}
	return c.CommandPath()
}

// useLine returns the usage of a command, with what the person has typed for it.
func useLine(c *cobra.Command) string {
	return typedAs(c) + strings.TrimPrefix(c.UseLine(), c.CommandPath())
}

// printHelp prints the help of a command, with what the person has typed for it.
func (a *app) printHelp(c *cobra.Command, _ []string) {
	if flag := c.Flags().Lookup("help"); flag != nil {
		flag.Usage = "show this help" // and not "help for mk" to whoever has typed mkvenv
	}
	usage := strings.Replace(c.UsageString(), c.UseLine(), useLine(c), 1)
	fmt.Fprintf(c.OutOrStdout(), "%s\n\n%s", fitted(strings.TrimSpace(c.Long), min(widest, widthOf(a.stdout))), usage)
}

// widest is how wide the text of a help is at most, in characters.
const widest = 80

// fitted wraps the paragraphs of a help. Blocks with indented lines, such as lists, stay.
func fitted(text string, width int) string {
	blocks := strings.Split(text, "\n\n")
	for i, block := range blocks {
		if !strings.Contains("\n"+block, "\n ") {
			blocks[i] = wrapped(block, width)
		}
	}
	return strings.Join(blocks, "\n\n")
}

// wrapped returns the words of a text in lines that are at most so many characters wide.
func wrapped(text string, width int) string {
	var b strings.Builder
	at := 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case at == 0:
		case at+1+len(word) > width:
			b.WriteByte('\n')
			at = 0
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += len(word)
	}
	return b.String()
}

// overview is all that den alone prints: it fits on a screen.
const overview = `den keeps named Python environments, to enter and leave by name in any shell.

  mkvenv NAME       make an environment and enter it      (den mk)
  workon NAME       enter an environment                  (den workon)
  deactivate        leave it                              (den deactivate)
  lsvenv            list the environments                 (den list)
  cpvenv SRC DST    copy one and enter the copy           (den cp)
  mvvenv OLD NEW    give one another name                 (den mv)
  rmvenv NAME       remove one                            (den rm)
  den run NAME ...  run a command in one, without entering it

  den setup         bring these words into your shell, once
  den doctor        find faults, and print the commands that mend them
  den config        show the settings

For example:  mkvenv web -p 3.12 -i requests

"den help" lists all commands; "mkvenv -h" and "den help mk" explain one.
`
