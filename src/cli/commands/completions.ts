import type { Command } from 'commander'
import { settingNames } from '../../core/settings/definitions/setting-list'
import type { ShellName } from './arguments'

interface CompletionWord {
  readonly word: string
  readonly description: string
}

interface CommandDescription {
  readonly name: string
  readonly description: string
  readonly options: readonly CompletionWord[]
  /** The possible values of an argument, where known. */
  readonly argumentChoices: readonly string[]
}

/** Shell completions generated from the command definitions, so that they are always complete. */
export function completionsFor(shell: ShellName, program: Command): string {
  const globalOptions = optionsOf(program)
  const commands = program.commands.map((command): CommandDescription => ({
    name: command.name(),
    description: command.description(),
    options: [...optionsOf(command).filter(isMissingFrom(globalOptions)), ...globalOptions],
    argumentChoices: [
      ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
      ...(command.name() === 'settings' ? settingNames : []),
    ],
  }))
  switch (shell) {
    case 'bash':
      return bash(commands, globalOptions)
    case 'zsh':
      return zsh(commands, globalOptions)
    case 'fish':
      return fish(commands, globalOptions)
  }
}

const isMissingFrom =
  (words: readonly CompletionWord[]) =>
  ({ word }: CompletionWord): boolean =>
    words.every((each) => each.word !== word)

function optionsOf(command: Command): CompletionWord[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long ? [{ word: long, description: description }] : []))
}

function bash(commands: readonly CommandDescription[], globalOptions: readonly CompletionWord[]): string {
  const cases = commands.map(
    ({ name, options, argumentChoices }) =>
      `    ${name}) words=${quote([...argumentChoices, ...options.map(({ word }) => word)].join(' '))} ;;`,
  )
  const topLevelWords = [...commands.map(({ name }) => name), ...globalOptions.map(({ word }) => word)].join(
    ' ',
  )
  return `# podkeeper completions for bash: source <(podkeeper completions bash)
_podkeeper() {
  local words=${quote(topLevelWords)} command='' each isValue=''
  COMPREPLY=()
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [ -n "$isValue" ]; then isValue=''; continue; fi
    case "$each" in --account|--base-url|--data-dir) isValue=1 ;; -*) ;; *) command="$each"; break ;; esac
  done
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    --log) words='text json'; command='' ;;
    --data-dir) COMPREPLY=($(compgen -d -- "\${COMP_WORDS[COMP_CWORD]}")); return ;;
    --base-url|--account|--name) return ;;
  esac
  case "$command" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _podkeeper podkeeper
`
}

function zsh(commands: readonly CommandDescription[], globalOptions: readonly CompletionWord[]): string {
  const toZshEntry = ({ word, description }: CompletionWord): string =>
    quote(`${word}:${description.replaceAll(':', '\\:')}`)
  const cases = commands.map(({ name, options, argumentChoices }) => {
    const words = [...argumentChoices.map((word) => ({ word, description: '' })), ...options]
    return `    ${name}) offers=(${words.map(toZshEntry).join(' ')}) ;;`
  })
  const topLevelWords = [
    ...commands.map(({ name, description }) => ({ word: name, description })),
    ...globalOptions,
  ]
  return `#compdef podkeeper
# podkeeper completions for zsh: a file named _podkeeper in a folder of your fpath
_podkeeper() {
  local -a before offers
  local command='' each isValue=''
  before=("\${(@)words[2,CURRENT-1]}")
  for each in $before; do
    [[ -n $isValue ]] && { isValue=''; continue }
    [[ $each == (--account|--base-url|--data-dir) ]] && { isValue=1; continue }
    [[ $each == -* ]] || { command=$each; break }
  done
  case \${before[-1]} in
    --log) _values format text json; return ;;
    --data-dir) _files -/; return ;;
    --base-url|--account|--name) return ;;
  esac
  offers=(${topLevelWords.map(toZshEntry).join(' ')})
  case $command in
${cases.join('\n')}
  esac
  _describe podkeeper offers
}
if [[ $funcstack[1] == _podkeeper ]]; then _podkeeper "$@"; else compdef _podkeeper podkeeper; fi
`
}

function fish(commands: readonly CommandDescription[], globalOptions: readonly CompletionWord[]): string {
  const line = (...parts: string[]): string => ['complete -c podkeeper', ...parts].join(' ')
  const argumentSpec = ({ word }: CompletionWord): string[] => {
    if (word === '--log') return ['-x', "-a 'text json'"]
    if (word === '--data-dir') return ['-x', "-a '(__fish_complete_directories)'"]
    return ['--base-url', '--account', '--name'].includes(word) ? ['-x'] : []
  }
  const option = ({ word, description }: CompletionWord): string =>
    `-l ${word.replace(/^--/, '')} -d ${quote(description)}`
  return [
    '# podkeeper completions for fish: ~/.config/fish/completions/podkeeper.fish',
    line('-f'),
    ...globalOptions.map((each) => line(option(each), ...argumentSpec(each))),
    ...commands.flatMap(({ name, description, options, argumentChoices }) => [
      line('-n __fish_use_subcommand', `-a ${name} -d ${quote(description)}`),
      ...(argumentChoices.length > 0
        ? [line(`-n '__fish_seen_subcommand_from ${name}'`, `-a ${quote(argumentChoices.join(' '))}`)]
        : []),
      ...options
        .filter(isMissingFrom(globalOptions))
        .map((each) => line(`-n '__fish_seen_subcommand_from ${name}'`, option(each), ...argumentSpec(each))),
    ]),
    '',
  ].join('\n')
}

/** Single-quoted for any of the shells. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
