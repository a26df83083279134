# den answers for the words of the command line. In the place of den's name there may
# be that of a word, which is an alias of it. nushell does not match or quote what this returns, so this does.
def __den_complete [spans: list<string>] {
    let words = ($spans | skip 1 | each {|word| unquote $word })
    let lines = (^command den complete nushell den ...$words | complete | get stdout | lines)
    let header = ($lines | get --optional 0 | default "" | split row (char tab))
    if ($header | length) != 5 { return [] }
    $lines | skip 1 | each {|line|
        let fields = ($line | split row --number 2 (char tab))
        {value: $"($header.0)($fields.0)", description: ($fields | get --optional 1 | default "")}
    } | where {|it| fits ($words | last) $it.value } | update value {|it| (quote $it.value) + (if $it.value ends-with '/' { '' } else { ' ' }) }
}

# fits reports whether a word may go on to be the text, by what the person has set.
def fits [word: string, text: string] {
    let case = ($env.config?.completions?.case_sensitive? | default false)
    let sought = if $case { $word } else { $word | str downcase }
    let text = if $case { $text } else { $text | str downcase }
    if ($env.config?.completions?.algorithm? | default prefix) == prefix { $text | str starts-with $sought } else { $text | str contains $sought }
}

# unquote returns the text of a word. Its quote may still be open.
def unquote [word: string] {
    let mark = ($word | str substring 0..0)
    if $mark == '"' {
        try { $word | from nuon } catch { try { $word + '"' | from nuon } catch { $word } }
    } else if $mark in ["'" "`"] {
        $word | str substring 1.. | str replace --regex $"($mark)$" ""
    } else { $word }
}

# quote returns the text as a word, in quotes where it needs them.
def quote [text: string] { if $text =~ '^[\pL\pN_/~.,+@%=-]+$' and $text not-in [true false null] { $text } else { $text | to nuon } }
