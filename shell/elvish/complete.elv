# Completion of den and its functions in elvish.

use re
use str

# files puts the paths that a word may go on with, after what precedes them in it. The
# patterns are for the names of files.
fn files {|word precedes kind patterns|
    var names = [(str:split ' ' $patterns | each {|p| if (not-eq $p '') { str:replace '\*' '.*' (re:quote $p) } })]
    var name = '^('(str:join '|' $names)')$'
    edit:complete-filename $word[(count $precedes)..] | each {|path|
        var is-dir = (str:has-suffix $path[stem] /)
        if (or $is-dir (and (eq $kind files) (or (eq $names []) (re:match $name (re:replace '.*/' '' $path[stem]))))) {
            edit:complex-candidate $precedes$path[stem] &code-suffix=$path[code-suffix]
        }
    }
}

# command completes the words of another program, as that is completed.
fn command {|dir @words|
    tmp E:PATH = $dir':'$E:PATH
    if (has-key $edit:completion:arg-completer $words[0]) {
        $edit:completion:arg-completer[$words[0]] $@words
    } else {
        edit:complete-filename $words[-1]
    }
}

# complete has den answer for the words of a line. Matching and quoting is elvish's.
fn complete {|@words|
    var lines = [(try { e:den complete elvish $@words 2>/dev/null } catch _ { })]
    if (eq $lines []) { return }
    var precedes what kind dir rest = (str:split "\t" $lines[0])
    if (eq $kind command) {
        command $dir $@words[(- (count $words) 1 $rest)..]
        return
    }
    for line $lines[1..] {
        var text @about = (str:split &max=2 "\t" $line)
        var shown = $precedes$text(each {|a| put ' ('$a')' } $about | str:join '')
        edit:complex-candidate $precedes$text &display=$shown &code-suffix=' '
    }
    if (not-eq $kind '') { files $words[-1] $precedes $kind $rest }
}

for name [DEN_NAMES] { set edit:completion:arg-completer[$name] = $complete~ }
