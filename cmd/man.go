package cmd

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"den/cmd/hint"
	"den/shell/shells"
)

// ManPages returns the manual pages of den and of each command that its help
// lists, by their file names, such as "den-mk.1". They say what the help says,
// and which files, variables and exit statuses there are.
func ManPages(version string, date time.Time) map[string]string {
	root := (&app{}).rootCommand(version, "")
	root.InitDefaultHelpFlag()
	pages := make(map[string]string)
	for _, c := range append([]*cobra.Command{root}, listedCommands(root)...) {
		p := manPage{command: c}
		p.title(version, date)
		p.usage()
		p.options()
		p.examples()
		p.surroundings()
		p.seeAlso()
		pages[manName(c)+".1"] = p.text.String()
	}
	return pages
}

// listedCommands returns the commands that help lists, each before its own.
func listedCommands(root *cobra.Command) []*cobra.Command {
	var listed []*cobra.Command
	for _, group := range root.Groups() {
		for _, c := range commandsIn(root, group.ID) {
			listed = append(append(listed, c), commandsIn(c, "")...)
		}
	}
	return listed
}

// manName returns the name of a command's page, such as "den-hooks-edit".
func manName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// A manPage is one page, in the macros of man(7), as it is written.
type manPage struct {
	command *cobra.Command
	text    strings.Builder
}

// macro writes a request with its arguments, each quoted.
func (p *manPage) macro(name string, args ...string) {
	p.text.WriteString("." + name)
	for _, arg := range args {
		p.text.WriteString(` "` + strings.ReplaceAll(roff(arg), `"`, `\(dq`) + `"`)
	}
	p.text.WriteString("\n")
}

// lines writes text, so that no line looks like a request.
func (p *manPage) lines(text string) {
	for line := range strings.Lines(strings.Trim(text, "\n")) {
		line = roff(strings.TrimRight(line, "\n"))
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, `\(aq`) {
			line = `\&` + line
		}
		p.text.WriteString(line + "\n")
	}
}

// roff escapes text so that it is shown, and can be copied, as it is.
func roff(text string) string {
	return strings.NewReplacer(`\`, `\e`, `-`, `\-`, `'`, `\(aq`, "`", `\(ga`, `^`, `\(ha`, `~`, `\(ti`).Replace(text)
}

// paragraphs writes the text of a help, in which examples are indented.
func (p *manPage) paragraphs(text string) {
	for i, block := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		if strings.HasPrefix(block, " ") {
			p.macro("PP")
			p.code(block)
			continue
		}
		if i > 0 {
			p.macro("PP")
		}
		p.prose(block)
	}
}

// prose writes one paragraph, in lines that a reader of the source can read.
func (p *manPage) prose(text string) {
	const width = 70
	p.lines(wrapped(text, width))
}

// code writes lines that are shown as they are.
func (p *manPage) code(text string) {
	p.macro("RS", "4")
	p.macro("EX")
	p.lines(trimMargin(text))
	p.macro("EE")
	p.macro("RE")
}

// term writes an entry of a list: its name and the text about it.
func (p *manPage) term(name, text string) {
	p.macro("TP")
	p.macro("B", name)
	p.prose(text)
}

// terms writes the command's own entries, then the common entries that the command
// does not replace.
func (p *manPage) terms(own, common []entry) {
	for _, e := range own {
		p.term(e.name, e.text)
	}
	for _, e := range common {
		if !slices.ContainsFunc(own, func(o entry) bool { return o.name == e.name }) {
			p.term(e.name, e.text)
		}
	}
}

func (p *manPage) title(version string, date time.Time) {
	name := manName(p.command)
	fmt.Fprintf(&p.text, ".TH %q 1 %s %q den\n", strings.ToUpper(roff(name)), date.UTC().Format(time.DateOnly), "den "+version)
	p.macro("SH", "NAME")
	p.lines(name + " - " + lowerFirst(p.command.Short))
}

func (p *manPage) usage() {
	c := p.command
	p.macro("SH", "SYNOPSIS")
	line := c.UseLine()
	if c.HasAvailableSubCommands() && !c.HasParent() {
		line = "den COMMAND [ARGUMENT...] [flags]"
	}
	p.macro("B", line)
	if names := otherNames(c); len(names) > 0 {
		p.macro("PP")
		p.prose("Also called " + hint.Join(names, " and ") + ".")
	}
	p.macro("SH", "DESCRIPTION")
	p.paragraphs(c.Long)
	if commands := p.commands(); len(commands) > 0 {
		p.macro("SH", "COMMANDS")
		for _, sub := range commands {
			p.term(sub.CommandPath(), sub.Short+": see "+manName(sub)+"(1).")
		}
	}
}

// commands returns the commands that the page leads to.
func (p *manPage) commands() []*cobra.Command {
	if !p.command.HasParent() {
		return slices.DeleteFunc(listedCommands(p.command), func(c *cobra.Command) bool { return c.Parent() != p.command })
	}
	return commandsIn(p.command, "")
}

func (p *manPage) options() {
	p.macro("SH", "OPTIONS")
	option := func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		argument, usage := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		if argument != "" {
			name += " " + argument
		}
		p.term(name, upperFirst(usage)+".")
	}
	p.command.LocalNonPersistentFlags().VisitAll(option)
	p.command.Root().PersistentFlags().VisitAll(option)
	if p.command.Flags().Lookup("help") == nil {
		p.term("-h, --help", "Show this help.")
	}
}

func (p *manPage) examples() {
	p.macro("SH", "EXAMPLES")
	p.code(p.command.Example)
}

// surroundings writes what else has to do with the command: exit statuses,
// variables, files.
func (p *manPage) surroundings() {
	about := manTable()[p.command.CommandPath()]
	p.macro("SH", "EXIT STATUS")
	p.terms(about.statuses, commonStatuses)
	p.macro("SH", "ENVIRONMENT")
	for _, t := range settingTable {
		if p.heeds(t) {
			for _, variable := range t.Variables {
				p.term(variable, upperFirst(t.Description)+".")
			}
		}
	}
	p.terms(about.variables, commonVariables)
	p.macro("SH", "FILES")
	p.terms(about.files, commonFiles)
}

// heeds reports whether the page has the setting. The page of den itself has all.
func (p *manPage) heeds(t setting) bool {
	return !p.command.HasParent() || t.Key == keyWorkonHome || p.command.Name() == "config" ||
		t.Flag != "" && p.command.Flags().Lookup(t.Flag) != nil ||
		slices.Contains(manTable()[p.command.CommandPath()].settings, t.Key)
}

func (p *manPage) seeAlso() {
	var names []string
	if parent := p.command.Parent(); parent != nil {
		names = append(names, manName(parent))
	}
	for _, c := range p.commands() {
		names = append(names, manName(c))
	}
	for _, path := range manTable()[p.command.CommandPath()].related {
		names = append(names, "den-"+path)
	}
	slices.Sort(names)
	p.macro("SH", "SEE ALSO")
	p.lines(strings.Join(names, "(1),\n") + "(1)")
}

// An entry is a name and what there is to say of it.
type entry struct{ name, text string }

// A manContext is what a command has to do with, beyond what all have.
type manContext struct {
	settings                   []string
	statuses, variables, files []entry
	related                    []string // pages of other commands
}

var commonStatuses = []entry{
	{"0", "Done."},
	{"1", "It failed; standard error says why, and what to do next."},
	{"2", "The command line is wrong, or the command needs den's integration in this shell."},
	{"130", "It was interrupted, and left nothing half-done."},
}

var commonVariables = []entry{
	{"HOME", "Your home directory."},
	{"XDG_CONFIG_HOME", "The directory of den's settings is below it; by default ~/.config."},
}

var commonFiles = []entry{
	{"~/.virtualenvs", "The environments, where neither WORKON_HOME nor the settings name another directory."},
	{"~/.config/den/config.toml", "The settings: see den-config(1)."},
}

var (
	cacheFile    = entry{"~/.cache/den", "What den has found out about interpreters, and packed wheels of pip; it may be removed."}
	projectFile  = entry{"ENVIRONMENT/.project", "The project directory of the environment."}
	hookFiles    = entry{"ENVIRONMENT/bin/postactivate, ~/.virtualenvs/postactivate", "The hooks of one environment and of all, with the others beside them: see den-hooks(1)."}
	keptFiles    = entry{"~/.local/share/den/init.SHELL", "The integration as new shells load it; den writes it anew after an update."}
	removedFiles = entry{"~/.virtualenvs/.den/kept", "What was removed or replaced, and can come back."}
	makingKeys   = []string{keyPython, keyGetPython, keyBackend, keyVirtualenv, keyVirtualenvArgs, keyBytecode, keyHookDir, keyCd}
	promptKept   = entry{"VIRTUAL_ENV_DISABLE_PROMPT", "Where it is set, den leaves the prompt alone."}
)

// elsewhereEntries are the variables that say where start-up files are.
func elsewhereEntries() (entries []entry) {
	for _, s := range shells.All() {
		if s.RCFileElsewhere != "" {
			entries = append(entries, entry{s.RCFileElsewhere, "Where the start-up files of " + s.Name + " are."})
		}
	}
	return entries
}

// manTable says what only some commands have to do with.
var manTable = sync.OnceValue(func() map[string]manContext {
	return map[string]manContext{
		"den":              {files: []entry{keptFiles, cacheFile}},
		"den mk":           {settings: makingKeys, variables: []entry{promptKept}, files: []entry{cacheFile, projectFile, hookFiles}, related: []string{"workon", "rm", "pythons", "project-new"}},
		"den tmp":          {settings: makingKeys, variables: []entry{promptKept}, files: []entry{cacheFile, hookFiles}, related: []string{"mk", "deactivate"}},
		"den project new":  {settings: append([]string{keyProjectHome, keyProjectFilename}, makingKeys...), files: []entry{{"~/.config/den/templates", "Templates of projects."}, cacheFile, projectFile}},
		"den project set":  {settings: []string{keyProjectFilename}, files: []entry{projectFile}},
		"den project cd":   {settings: []string{keyProjectFilename}, files: []entry{projectFile}},
		"den project":      {settings: []string{keyProjectHome, keyProjectFilename}, files: []entry{projectFile}},
		"den project show": {settings: []string{keyProjectFilename}, files: []entry{projectFile}},
		"den workon":       {settings: []string{keyCd, keyHookDir, keyProjectFilename}, variables: []entry{promptKept}, files: []entry{projectFile, hookFiles}, related: []string{"deactivate", "mk", "list", "hooks"}},
		"den deactivate":   {settings: []string{keyHookDir}, files: []entry{hookFiles}, related: []string{"workon", "hooks"}},
		"den cp":           {settings: []string{keyHookDir, keyCd}, files: []entry{hookFiles}, related: []string{"mv", "mk"}},
		"den mv":           {related: []string{"cp"}},
		"den rm":           {settings: []string{keyHookDir, keyKeepRemoved, keyKeepRemovedSize}, files: []entry{hookFiles, removedFiles, {"~/.virtualenvs/.den/trash", "What den is deleting, in the background."}}, related: []string{"undo", "mk"}},
		"den gc":           {settings: []string{keyKeepRemoved, keyProjectFilename}, files: []entry{removedFiles, cacheFile}, related: []string{"rm", "undo", "list"}},
		"den undo":         {settings: []string{keyKeepRemoved, keyKeepRemovedSize}, files: []entry{removedFiles}, related: []string{"rm", "upgrade", "wipe", "mk"}},
		"den wipe":         {settings: []string{keyKeepRemoved, keyKeepRemovedSize}, files: []entry{removedFiles}, related: []string{"undo"}},
		"den upgrade":      {settings: []string{keyPython, keyBackend, keyKeepRemoved}, files: []entry{cacheFile, removedFiles}, related: []string{"undo", "pythons", "doctor"}},
		"den lock":         {variables: []entry{{"PIP_INDEX_URL, PIP_FIND_LINKS", "Where pip looks for packages. With a setting of this kind, den asks pip for the archives, and not uv."}}, related: []string{"sync", "diff", "pack"}},
		"den sync":         {settings: []string{keyKeepRemoved, keyKeepRemovedSize}, files: []entry{removedFiles}, related: []string{"lock", "diff", "undo"}},
		"den diff":         {statuses: []entry{{"1", "The packages differ."}, {"2", "den cannot compare them."}}, related: []string{"lock", "sync"}},
		"den pack":         {settings: []string{keyProjectFilename}, related: []string{"unpack", "push", "cp"}},
		"den push": {
			settings: []string{keySSH, keyProjectFilename},
			statuses: []entry{{"1", "It failed on at least one host; there, the old environment is in place."}},
			files:    []entry{{"~/.virtualenvs/.den/pushed", "On the other machine: the last three versions that were replaced."}},
			related:  []string{"pack", "unpack"},
		},
		"den unpack":  {settings: []string{keyBytecode}, files: []entry{cacheFile}, related: []string{"pack", "pythons"}},
		"den pythons": {settings: []string{keyPython}, variables: []entry{{"PATH", "The first places where den looks for interpreters."}}, files: []entry{cacheFile}, related: []string{"mk", "upgrade"}},
		"den run": {
			statuses:  []entry{{"126, 127", "COMMAND could not be started, or was not found. Once it has started, the exit status is its own."}},
			variables: []entry{{"VIRTUAL_ENV, PATH", "Set for COMMAND, as after workon."}},
			related:   []string{"path", "all", "workon"},
		},
		"den all":   {statuses: []entry{{"1", "COMMAND failed in at least one environment."}}, related: []string{"run"}},
		"den hooks": {settings: []string{keyHookDir}, files: []entry{hookFiles}},
		"den hooks edit": {
			settings:  []string{keyHookDir},
			variables: []entry{{"VISUAL, EDITOR", "The editor."}},
			files:     []entry{hookFiles},
		},
		"den doctor":     {statuses: []entry{{"1", "Something is wrong, and has to be mended."}}, files: []entry{keptFiles}, related: []string{"upgrade", "setup"}},
		"den path":       {related: []string{"show", "run"}},
		"den show":       {settings: []string{keyProjectFilename}, related: []string{"list", "path"}},
		"den list":       {settings: []string{keyProjectFilename}, related: []string{"show", "doctor"}},
		"den cd":         {variables: []entry{{"VIRTUAL_ENV", "The active environment."}}, related: []string{"path", "project-cd"}},
		"den config":     {related: []string{"setup"}},
		"den completion": {related: []string{"init", "setup"}},
		"den init":       {variables: []entry{promptKept}, files: []entry{{rcFilesShown(), "The start-up files that load it."}}, related: []string{"setup"}},
		"den setup": {
			variables: append(elsewhereEntries(),
				entry{"SHELL", "The shell that is set up where none is named."},
				entry{"XDG_DATA_HOME", "The integration is kept below it; by default ~/.local/share."},
			),
			files:   []entry{{rcFilesShown(), "The start-up files; each is saved, before it is changed, with .den-backup after its name."}, keptFiles},
			related: []string{"init", "doctor", "config"},
		},
	}
})

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
