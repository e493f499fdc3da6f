import type { Command } from 'commander'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

interface Word {
  readonly word: string
  readonly about: string
}

interface Described {
  readonly name: string
  readonly about: string
  readonly options: readonly Word[]
  /** What an argument may be, where that is known. */
  readonly choices: readonly string[]
}

/** Completions for a shell, made from the commands themselves, so that none is ever missing. */
export function completionsFor(shell: Shell, program: Command): string {
  const general = optionsOf(program)
  const commands = program.commands.map((command): Described => ({
    name: command.name(),
    about: command.description(),
    options: [...optionsOf(command).filter(isNotIn(general)), ...general],
    choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  }))
  switch (shell) {
    case 'bash':
      return bash(commands, general)
    case 'zsh':
      return zsh(commands, general)
    case 'fish':
      return fish(commands, general)
  }
}

const isNotIn =
  (words: readonly Word[]) =>
  ({ word }: Word): boolean =>
    words.every((each) => each.word !== word)

function optionsOf(command: Command): Word[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long ? [{ word: long, about: description }] : []))
}

function bash(commands: readonly Described[], general: readonly Word[]): string {
  const cases = commands.map(
    ({ name, options, choices }) =>
      `    ${name}) words=${quoted([...choices, ...options.map(({ word }) => word)].join(' '))} ;;`,
  )
  const first = [...commands.map(({ name }) => name), ...general.map(({ word }) => word)].join(' ')
  return `# podkeeper completions for bash: source <(podkeeper completions bash)
_podkeeper() {
  local words=${quoted(first)} command='' each
  COMPREPLY=()
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$each" in -*) ;; *) command="$each"; break ;; esac
  done
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    --log) words='text json'; command='' ;;
    --data-dir) COMPREPLY=($(compgen -d -- "\${COMP_WORDS[COMP_CWORD]}")); return ;;
    --base-url) return ;;
  esac
  case "$command" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _podkeeper podkeeper
`
}

function zsh(commands: readonly Described[], general: readonly Word[]): string {
  const described = ({ word, about }: Word): string => quoted(`${word}:${about.replaceAll(':', '\\:')}`)
  const cases = commands.map(({ name, options, choices }) => {
    const words = [...choices.map((word) => ({ word, about: '' })), ...options]
    return `    ${name}) offers=(${words.map(described).join(' ')}) ;;`
  })
  const first = [...commands.map(({ name, about }) => ({ word: name, about })), ...general]
  return `#compdef podkeeper
# podkeeper completions for zsh: a file named _podkeeper in a folder of your fpath
_podkeeper() {
  local -a before offers
  local command='' each
  before=("\${(@)words[2,CURRENT-1]}")
  for each in $before; do
    [[ $each == -* ]] || { command=$each; break }
  done
  case \${before[-1]} in
    --log) _values format text json; return ;;
    --data-dir) _files -/; return ;;
    --base-url) return ;;
  esac
  offers=(${first.map(described).join(' ')})
  case $command in
${cases.join('\n')}
  esac
  _describe podkeeper offers
}
if [[ $funcstack[1] == _podkeeper ]]; then _podkeeper "$@"; else compdef _podkeeper podkeeper; fi
`
}

function fish(commands: readonly Described[], general: readonly Word[]): string {
  const line = (...parts: string[]): string => ['complete -c podkeeper', ...parts].join(' ')
  const takes = ({ word }: Word): string[] => {
    if (word === '--log') return ['-x', "-a 'text json'"]
    if (word === '--data-dir') return ['-x', "-a '(__fish_complete_directories)'"]
    return word === '--base-url' ? ['-x'] : []
  }
  const option = ({ word, about }: Word): string => `-l ${word.replace(/^--/, '')} -d ${quoted(about)}`
  return [
    '# podkeeper completions for fish: ~/.config/fish/completions/podkeeper.fish',
    line('-f'),
    ...general.map((each) => line(option(each), ...takes(each))),
    ...commands.flatMap(({ name, about, options, choices }) => [
      line('-n __fish_use_subcommand', `-a ${name} -d ${quoted(about)}`),
      ...(choices.length > 0
        ? [line(`-n '__fish_seen_subcommand_from ${name}'`, `-a ${quoted(choices.join(' '))}`)]
        : []),
      ...options
        .filter(isNotIn(general))
        .map((each) => line(`-n '__fish_seen_subcommand_from ${name}'`, option(each), ...takes(each))),
    ]),
    '',
  ].join('\n')
}

/** In single quotes, for any of the shells. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
