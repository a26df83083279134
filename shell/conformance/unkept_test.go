package conformance

// Why a shell does not keep a row. docs/shells.md says what of it a person notices.
const (
	noDefinitions = "it defines no command while it runs: deactivate is there always, pydoc never, and hooks define nothing"
	ownHooks      = "a hook in its language is sourced by a shell of its own: variables and the directory come back, the prompt and den's words do not go there"
	noStatements  = "the row has code of its own that this language cannot say: redirected blocks, <, ||, or interpolation as in sh"
	ownPath       = "it expands ~ in PATH by itself"
	noDirectory   = "it does not work in a directory that is gone"
	ownEditor     = "the screen of these tests does not follow its line editor; what a person sees was looked at in tmux"
	noPrompt      = "it has no PS1, and always a prompt"
	othersOverlay = "what others' scripts have loaded can be left only as they say: overlay hide"
	keptElsewhere = "it reads a module before it runs: what is not there is made for the next shell"
)

// unkept has, for a shell, the rows that it does not keep, and why. A shell that has
// rows here is not in columns either.
var unkept = map[string]map[string]string{
	"nushell": {
		"TestPydoc":                                noDefinitions,
		"TestOwnPydoc":                             noDefinitions,
		"TestSourcedHooksActOnTheShell":            noDefinitions,
		"TestHookThatUsesDen":                      ownHooks,
		"TestHookThatEntersAfterLeaving":           ownHooks,
		"TestHookThatEntersWhileLeaving":           ownHooks,
		"TestHooksInACircle":                       ownHooks,
		"TestHooksChangePromptAndPath":             ownHooks,
		"TestPersonChangesPromptAndPathAfterHooks": ownHooks,
		"TestHookThatExits":                        ownHooks,
		"TestDirectoryStackStays":                  noStatements,
		"TestPositionalParametersStay":             noStatements,
		"TestMktmpenvRenamed":                      noStatements,
		"TestOtherDescriptorsAreLeftAlone":         noStatements,
		"TestStdinIsNotEaten":                      noStatements,
		"TestStdinReachesHooks":                    noStatements,
		"TestHooksPrintWhereThePersonLooks":        noStatements,
		"TestPromptRebuiltByAHook":                 noStatements,
		"TestListedNamesCanBeEntered":              noStatements,
		"TestRun":                                  noStatements,
		"TestTour":                                 noStatements,
		"TestFromAFunction":                        noStatements,
		"TestHooks":                                noStatements,
		"TestHooksOfMaking":                        noStatements,
		"TestMkproject":                            noStatements,
		"TestMvvenvFiresNoHooks":                   noStatements,
		"TestMktmpenvEndsWithItsShell":             noStatements,
		"TestPathWithOddEntries":                   ownPath,
		"TestWorkingDirectoryGone":                 noDirectory,
		"TestPromptWhereThereWasNone":              noPrompt,
		"TestNoPrompt":                             noPrompt,
		"TestForeignScriptWhileOneIsActive":        othersOverlay,
		"TestExportedVariablesVanishByHand":        othersOverlay,
		"TestKeptIntegrationMissing":               keptElsewhere,
		"TestDoctorKnowsTheShell":                  keptElsewhere,
		"TestSession":                              ownEditor,
		"TestOddPromptsOnTheScreen":                ownEditor,
		"TestNestedInteractiveShell":               ownEditor,
		"TestNestedLoginShell":                     ownEditor,
		"TestNestedShellWithThePromptExported":     ownEditor,
		"TestPromptSeesTheExitStatus":              ownEditor,
		"TestExecOfAnInteractiveShell":             ownEditor,
		"TestPromptRebuiltOnTheScreen":             ownEditor,
		"TestHookAsksAQuestion":                    ownEditor,
		"TestInterruptedMaking":                    ownEditor,
		"TestStoppedMaking":                        ownEditor,
		"TestInterruptedHook":                      ownEditor,
		"TestMakingShowsOnTheTerminal":             ownEditor,
		"TestListingAtATerminal":                   ownEditor,
		"TestErrorOnTheScreen":                     ownEditor,
	},
}
