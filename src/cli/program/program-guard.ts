import { Argument, type Command, InvalidArgumentError } from 'commander'
import { HOUR_MS, MINUTE_MS } from '../../core/base/time/time'
import { type GuardVerb, guardVerbs } from '../commands/arguments'
import type { Commands } from './command-types'

/** `podkeeper guard`: docs/cli.md#guard. */
export function addGuard(
  program: Command,
  commands: Pick<Commands, 'guard'>,
  exit: (code: number) => void,
): void {
  program
    .command('guard')
    .description('the guard in a pod, which stops it while this computer sleeps')
    .addArgument(new Argument('<verb>', 'action').choices(guardVerbs))
    .argument('<pod>', 'pod name or id')
    .argument('[value]', 'for extend: how much longer, such as 2h or 30m; for forget: a computer')
    .option('--report-only', 'install: never stop the pod, only report')
    .option('--yes', 'install, prove, new-pods, post-start, forget: do not ask')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(
      async (verb: GuardVerb, pod: string, text: string | undefined, _options: unknown, command: Command) => {
        const isForget = verb === 'forget'
        const value = {
          byMs: text === undefined || isForget ? null : toMs(text),
          whose: isForget ? (text ?? null) : null,
        }
        exit(await commands.guard(verb, pod, value, command.optsWithGlobals()))
      },
    )
}

function toMs(text: string): number {
  const [, count, unit] = /^(\d{1,4})(h|m)$/.exec(text) ?? []
  if (count === undefined) throw new InvalidArgumentError('Use a time such as 2h or 30m.')
  return Number(count) * (unit === 'h' ? HOUR_MS : MINUTE_MS)
}

const HELP = `
install prints the script before it asks. It runs in the pod with the pod's own key, warns in the pod's terminals, and
stops the pod when it was idle for the auto-stop time or is past its maximum hours, while no Podkeeper watches it. In the
pod, podkeeper-keep 2h puts that off. prove has the guard stop the pod now. new-pods installs what
this pod has in each pod of the account that is created from now on, and no-new-pods ends that. post-start adds three
lines to /post_start.sh in the pod, where its image runs that, so that the guard also starts with the container while no
Podkeeper runs, and no-post-start removes them. Each computer sets its own limits in the guard; forget removes what
another one set, such as one that is gone.

Examples:
  podkeeper guard install llama-70b-sft
  podkeeper guard status llama-70b-sft
  podkeeper guard extend llama-70b-sft 2h
  podkeeper guard forget llama-70b-sft lab-server
  podkeeper guard remove llama-70b-sft`
