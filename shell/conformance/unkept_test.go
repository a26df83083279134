package conformance

// Why nushell does not keep a row: see docs/shells.md.
const (
	noDefinitions = "it defines no command while it runs, and calls nothing between two commands of a line: deactivate is there always, pydoc never, uv learns of no project, and hooks define nothing"
	ownHooks      = "a hook in its language is sourced by a shell of its own: variables and the directory come back, the prompt and den's words do not go there"
	noStatements  = "the row has code of its own that this language cannot say: redirected blocks, <, ||, or interpolation as in sh"
	ownPath       = "it expands ~ in PATH by itself"
	noDirectory   = "it does not work in a directory that is gone"
	ownLayers     = "in a script, an inherited variable that was set again is there with its first value once the person hides it"
	noPrompt      = "it has no PS1, and always a prompt"
	othersOverlay = "what others' scripts have loaded can be left only as they say: overlay hide"
	noVenvScript  = "venv makes no activate.nu"
	endsScript    = "a program that fails ends a script"
	keptElsewhere = "it reads a module before it runs: what is not there is made for the next shell"
)

// unkept has the rows that nushell does not keep, and why.
var unkept = map[string]string{
	"TestOwnVariablesChangedMeanwhileStay":                  ownLayers,
	"TestPydoc":                                             noDefinitions,
	"TestUvActsInTheProject":                                noDefinitions,
	"TestUvActsInANewProject":                               noDefinitions,
	"TestUvActsInTheWorkspace":                              noDefinitions,
	"TestUvActsAfterASwitch":                                noDefinitions,
	"TestSourcedHooksActOnTheShell":                         noDefinitions,
	"TestHookThatUsesDen":                                   ownHooks,
	"TestHookThatEntersAfterLeaving":                        ownHooks,
	"TestHookThatEntersWhileLeaving":                        ownHooks,
	"TestHooksInACircle":                                    ownHooks,
	"TestHooksChangePromptAndPath":                          ownHooks,
	"TestPersonChangesPromptAndPathAfterHooks":              ownHooks,
	"TestHookThatExits":                                     ownHooks,
	"TestDirectoryStackStays":                               noStatements,
	"TestOtherDescriptorsAreLeftAlone":                      noStatements,
	"TestStdinReachesHooks":                                 noStatements,
	"TestAutoBesideOnesOwn":                                 noStatements,
	"TestAutoServesUv":                                      noDefinitions,
	"TestRun":                                               noStatements,
	"TestPathWithOddEntries":                                ownPath,
	"TestWorkingDirectoryGone":                              noDirectory,
	"TestPromptWhereThereWasNone":                           noPrompt,
	"TestNoPrompt":                                          noPrompt,
	"TestForeignScriptWhileOneIsActive":                     othersOverlay,
	"TestExportedVariablesVanishByHand":                     othersOverlay,
	"TestKeptIntegrationMissing":                            keptElsewhere,
	"TestDoctorKnowsTheShell":                               keptElsewhere,
	"TestByHandAndByNameGiveTheOldValuesBack/venv's_script": noVenvScript,
	"TestByHandWhileOneIsActiveThenWorkon/venv's_script":    noVenvScript,
	"TestLeaveWhatIsActiveByHand/venv's_script":             noVenvScript,
	"TestMvvenvActivatedByHand/venv's_script":               noVenvScript,
	"TestWorkonTheOneThatIsActiveByHand/venv's_script":      noVenvScript,
	"TestWorkonWhileAnotherIsActiveByHand/venv's_script":    noVenvScript,
	"TestActivateScriptSourcedInside/venv's_script":         noVenvScript,
	"TestClosedStreams/<&-":                                 noStatements,
	"TestClosedStreams/>&-":                                 noStatements,
	"TestHookThatDeactivates/postactivate":                  ownHooks,
	"TestVariablesUnsetMeanwhileStayUnset":                  ownLayers,
	"TestWithoutTheIntegration":                             endsScript,
}

// Why elvish does not keep a row: see docs/shells.md.
const (
	noFunctions    = "it has no way to ask which functions there are, and one that den adds hides the person's, so den defines no pydoc"
	namesAtReading = "a script is read whole before it runs, so no function that comes later is known in it"
	endsHook       = "a command that fails ends a hook, as it ends a script; den says so"
	noVenvElvish   = "venv makes no activate.elv"
	noLogin        = "elvish has no login shells"
	noStack        = "elvish has no directory stack"
	noUlimit       = "elvish has no ulimit"
	noElvishPrompt = "elvish has no PS1, and always a prompt"
	noSharedNotes  = "each activate.elv that is read has notes of its own: where another program takes the exported ones away, the next one does not know of them"
	noElvishLinks  = "elvish is in the directory that a link leads to, by its own name"
	noOwnCd        = "elvish has no builtin that a function of the same name calls"
	noStatus       = "elvish has no exit status of the last command, but exceptions"
)

// unkeptByElvish has the rows that elvish does not keep, and why.
var unkeptByElvish = map[string]string{
	"TestPydoc":                         noFunctions,
	"TestSourcedHooksActOnTheShell":     namesAtReading,
	"TestFailingHooks":                  endsHook,
	"TestForeignScriptWhileOneIsActive": noVenvElvish,
	"TestByHandAndByNameGiveTheOldValuesBack/venv's_script": noVenvElvish,
	"TestByHandWhileOneIsActiveThenWorkon/venv's_script":    noVenvElvish,
	"TestLeaveWhatIsActiveByHand/venv's_script":             noVenvElvish,
	"TestMvvenvActivatedByHand/venv's_script":               noVenvElvish,
	"TestWorkonTheOneThatIsActiveByHand/venv's_script":      noVenvElvish,
	"TestWorkonWhileAnotherIsActiveByHand/venv's_script":    noVenvElvish,
	"TestActivateScriptSourcedInside/venv's_script":         noVenvElvish,
	"TestNestedLoginShell":                                  noLogin,
	"TestDirectoryStackStays":                               noStack,
	"TestNoMoreFiles":                                       noUlimit,
	"TestPromptSeesTheExitStatus":                           noStatus,

	"TestAutoOfAHostilePin":             noElvishLinks,
	"TestAutoBesideOnesOwn":             noOwnCd,
	"TestPromptWhereThereWasNone":       noElvishPrompt,
	"TestExportedVariablesVanishByHand": noSharedNotes,
}
