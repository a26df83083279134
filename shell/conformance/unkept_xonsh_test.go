package conformance

// Why xonsh does not keep a row: see docs/shells.md.
const (
	xonshStatements  = "the row has code of its own that xonsh cannot say: descriptors, a block that reads a file, ulimit, a cd that calls the builtin, or text with substitution as in sh"
	xonshPath        = "it expands ~ and variables in PATH by itself"
	xonshPrompt      = "it has no PS1, and always a prompt with a place for the environment"
	xonshPythonHome  = "it is a Python program itself: it does not start with a PYTHONHOME that is wrong"
	xonshExit        = "exit in a hook ends the shell only when its code is through"
	xonshOtherScript = "no other tool makes an activate script for it"
)

// unkeptByXonsh has the rows that xonsh does not keep, and why.
var unkeptByXonsh = map[string]string{
	"TestAutoBesideOnesOwn":                                   xonshStatements,
	"TestOtherDescriptorsAreLeftAlone":                        xonshStatements,
	"TestStdinIsNotEaten":                                     xonshStatements,
	"TestStdinReachesHooks":                                   xonshStatements,
	"TestHooksPrintWhereThePersonLooks":                       xonshStatements,
	"TestNoMoreFiles":                                         xonshStatements,
	"TestHooks":                                               xonshStatements,
	"TestHooksOfMaking":                                       xonshStatements,
	"TestPathWithOddEntries":                                  xonshPath,
	"TestPromptWhereThereWasNone":                             xonshPrompt,
	"TestShellInShellGivesOldValuesBack":                      xonshPythonHome,
	"TestHookThatExits":                                       xonshExit,
	"TestClosedStreams/<&-":                                   xonshStatements,
	"TestClosedStreams/>&-":                                   xonshStatements,
	"TestClosedStreams/2>&-":                                  xonshStatements,
	"TestByHandAndByNameGiveTheOldValuesBack/den's_script":    xonshPythonHome,
	"TestVariablesChangedMeanwhileStay/PYTHONHOME_was_/old":   xonshPythonHome,
	"TestVariablesGoBack/to_a_value":                          xonshPythonHome,
	"TestVariablesGoBack/to_a_value_with_newlines_and_quotes": xonshPythonHome,
	"TestEachVariableGoesBackAlone/PYTHONHOME":                xonshPythonHome,
	"TestByHandAndByNameGiveTheOldValuesBack/venv's_script":   xonshOtherScript,
	"TestByHandWhileOneIsActiveThenWorkon/venv's_script":      xonshOtherScript,
	"TestLeaveWhatIsActiveByHand/venv's_script":               xonshOtherScript,
	"TestMvvenvActivatedByHand/venv's_script":                 xonshOtherScript,
	"TestWorkonTheOneThatIsActiveByHand/venv's_script":        xonshOtherScript,
	"TestWorkonWhileAnotherIsActiveByHand/venv's_script":      xonshOtherScript,
	"TestActivateScriptSourcedInside/venv's_script":           xonshOtherScript,
	"TestForeignScriptWhileOneIsActive":                       xonshOtherScript,
}
