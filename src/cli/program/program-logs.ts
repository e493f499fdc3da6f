import { type Command, InvalidArgumentError, Option } from 'commander'
import { logSources, MAX_TAIL } from '../../core/pods/pod-logs'
import type { Commands } from './command-types'
import { parseDurationMs } from '../../core/base/text/parse-duration'

/** "10m" or a time such as 2026-11-24T14:00:00Z, as a function of the present, Unix ms. */
export function parseSince(text: string): (nowMs: number) => number {
  const durationMs = parseDurationMs(text)
  if (durationMs !== null) return (nowMs) => nowMs - durationMs
  const atMs = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(atMs)) throw new InvalidArgumentError('It must be a time, or a number with s, m, h or d.')
  return () => atMs
}

function parseTail(text: string): number {
  const count = Number(text)
  if (/^\d+$/.test(text) && count <= MAX_TAIL) return count
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${MAX_TAIL}.`)
}

export function addLogs(program: Command, commands: Commands, exit: (code: number) => void): void {
  program
    .command('logs')
    .description('print what a pod’s container prints, and what its host reports')
    .argument('<pod>', 'pod name or id')
    .option('-f, --follow', 'keep printing new lines until ^C')
    .addOption(
      new Option('--tail <count>', 'how many past lines to print first').default(100).argParser(parseTail),
    )
    .addOption(
      new Option('--source <source>', 'only lines of this source (default: both)').choices(logSources),
    )
    .addOption(
      new Option('--since <time>', 'only lines since this time: 10m, 2h, 1d or a time').argParser(parseSince),
    )
    .option('--json', 'print one JSON object per line')
    .addHelpText(
      'after',
      `
The system log shows image pulls and starts. It explains a pod that doesn't come up. Secrets in the pod's environment are
hidden, and control sequences are removed. Past lines end after 2 s without another one, because Runpod doesn't say when
they are complete.

Examples:
  podkeeper logs -f llama-70b-sft
  podkeeper logs --source system --tail 20 llama-70b-sft
  podkeeper logs --since 2h --json llama-70b-sft | jq -r .line`,
    )
    .action(async (pod: string, _options: unknown, command: Command) =>
      exit(await commands.logs(pod, command.optsWithGlobals())),
    )
}
