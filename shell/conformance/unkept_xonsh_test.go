package conformance

// Why xonsh does not keep a row: see docs/shells.md.
const (
	xonshStatements  = "the row has code of its own that Python cannot say: descriptors, loops, parameters, ulimit, or substitution as in sh"
	xonshPath        = "it expands ~ and variables in PATH by itself"
	xonshPrompt      = "it has no PS1, and always a prompt with a place for the environment"
	xonshPythonHome  = "it is a Python program itself: it does not start with a PYTHONHOME that is wrong"
	xonshExit        = "exit in a hook ends the shell only when its code is through"
	xonshOtherScript = "no other tool makes an activate script for it"
)

// unkeptByXonsh has the rows that xonsh does not keep, and why.
var unkeptByXonsh = map[string]string{
	"TestPositionalParametersStay":       xonshStatements,
	"TestMktmpenvRenamed":                xonshStatements,
	"TestOtherDescriptorsAreLeftAlone":   xonshStatements,
	"TestStdinIsNotEaten":                xonshStatements,
	"TestStdinReachesHooks":              xonshStatements,
	"TestHooksPrintWhereThePersonLooks":  xonshStatements,
	"TestNoMoreFiles":                    xonshStatements,
	"TestListedNamesCanBeEntered":        xonshStatements,
	"TestHooks":                          xonshStatements,
	"TestHooksOfMaking":                  xonshStatements,
	"TestPathWithOddEntries":             xonshPath,
	"TestPromptWhereThereWasNone":        xonshPrompt,
	"TestShellInShellGivesOldValuesBack": xonshPythonHome,
	"TestHookThatExits":                  xonshExit,
	"TestForeignScriptWhileOneIsActive":  xonshOtherScript,
}
