package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

// completion prints a script for a shell. The words come from the tables that
// bggen itself reads: subcommands and flagSet.
func completion(args []string, stdout, stderr io.Writer) int {
	script := ""
	if len(args) == 1 {
		script = scripts[args[0]]
	}
	if script == "" {
		return misused("completion", stderr)
	}
	var flags, names, cases, fish []string
	flagSet(&options{}).VisitAll(func(f *flag.Flag) {
		flags = append(flags, "-"+f.Name)
		fish = append(fish, fmt.Sprintf("complete -c bggen -o %s -d '%s'", f.Name, strings.ReplaceAll(f.Usage, "'", `\'`)))
	})
	for _, c := range subcommands() {
		names = append(names, c.name)
		fish = append(fish, fmt.Sprintf("complete -c bggen -n __fish_use_subcommand -a %s -d '%s'", c.name, c.short))
		if c.complete != "" {
			cases = append(cases, fmt.Sprintf("%s) list='%s' ;;", c.name, c.complete))
			fish = append(fish, fmt.Sprintf("complete -c bggen -f -n '__fish_seen_subcommand_from %s' -a '%s'", c.name, c.complete))
		}
	}
	fmt.Fprint(stdout, strings.NewReplacer(
		"@flags", strings.Join(flags, " "),
		"@names", strings.Join(names, " "),
		"@cases", strings.Join(cases, "\n\t"),
		"@fish", strings.Join(fish, "\n"),
	).Replace(script))
	return exitOK
}

var scripts = map[string]string{
	"bash": `# In ~/.bashrc: source <(bggen completion bash)
_bggen() {
	local cur=${COMP_WORDS[COMP_CWORD]} list=''
	case ${COMP_WORDS[1]} in
	@cases
	esac
	if [[ $COMP_CWORD -eq 1 ]]; then
		list='@names @flags'
	elif [[ -z $list ]]; then
		list='@flags'
	fi
	COMPREPLY=($(compgen -W "$list" -- "$cur") $(compgen -d -S / -- "$cur"))
}
complete -o nospace -F _bggen bggen
`,
	"zsh": `#compdef bggen
# In ~/.zshrc, after compinit: source <(bggen completion zsh)
_bggen() {
	local list=''
	case ${words[2]} in
	@cases
	esac
	if (( CURRENT == 2 )); then
		compadd -- @names @flags
	elif [[ -n $list ]]; then
		compadd -- ${=list}
	else
		compadd -- @flags
	fi
	_files -/
}
compdef _bggen bggen
`,
	"fish": `# In a file: bggen completion fish > ~/.config/fish/completions/bggen.fish
@fish
`,
}
