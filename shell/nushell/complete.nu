# den answers for the words of the command line. In the place of den's name there may
# be that of a word, which is an alias of it. To match and to quote is for nushell.
def __den_complete [spans: list<string>] {
    let words = ($spans | skip 1 | each {|word| try { $word | from nuon | into string } catch { $word } })
    let lines = (^command den complete nushell den ...$words | complete | get stdout | lines)
    let header = ($lines | get --optional 0 | default "" | split row (char tab))
    if ($header | length) != 5 { return [] }
    if ($header.2 != "") and ($lines | length) == 1 { return null } # nushell's own, for files
    $lines | skip 1 | each {|line|
        let fields = ($line | split row --number 2 (char tab))
        {value: (quote $"($header.0)($fields.0)"), description: ($fields | get --optional 1 | default "")}
    }
}

# quote returns the text as a word, in quotes where it needs them.
def quote [text: string] { if $text =~ '^[\pL\pN_/~.,+@%=-]+$' { $text } else { $text | to nuon } }
