import { formatDuration, formatTimeOfDay } from '../base/text/format'
import { redact } from '../base/text/redact'
import type { AccountId, PodId } from '../pods/pod'
import { shortName } from '../pods/pod-name'
import type { CommandEnd } from '../terminal/commands/command-tracker'
import type { TerminalId } from '../terminal/terminal'
import type { AlertKey, AlertText, PendingAlert } from './alert'

/** The alert that a command in a terminal ended. See docs/product-rules.md#131-sessions. */
export function commandAlert(
  accountId: AccountId,
  pod: { readonly id: PodId; readonly name: string },
  terminalId: TerminalId,
  end: CommandEnd,
  atMs: number,
): PendingAlert {
  return {
    key: { kind: 'command-ended', accountId, podId: pod.id, episode: `${terminalId} ${atMs}` },
    podName: pod.name,
    isCritical: false,
    buttons: [],
    ...commandText(shortName(pod.name, 60), end, atMs),
  }
}

/** The terminal that an alert is about; null if it is about something else. */
export const terminalOfAlert = ({ kind, episode }: AlertKey): TerminalId | null =>
  kind === 'command-ended' ? (episode.split(' ')[0] ?? null) : null

/** The command line itself is never shown, since it may hold secrets. */
function commandText(pod: string, end: CommandEnd, atMs: number): AlertText {
  const { how, exitCode, program } = end
  const after = `${end.isAtLeast ? 'at least ' : ''}${formatDuration(end.forMs)}`
  const when = `at ${formatTimeOfDay(atMs)}, after ${after}`
  const about = program === null ? '' : `${redact(program)}: `
  switch (how) {
    case 'mark':
      if (exitCode === null)
        return { title: `Command on ${pod} ended`, body: `${about}It ended ${when}.`, tone: 'plain' }
      return {
        title: `Command on ${pod} ${exitCode === 0 ? 'finished' : 'failed'}`,
        body: `${about}Exit code ${exitCode} ${when}.`,
        tone: exitCode === 0 ? 'good' : 'bad',
      }
    case 'prompt':
    case 'foreground':
      return {
        title: `Command on ${pod} ended`,
        body: `${about}The shell was ready again ${when}. The exit code is unknown.`,
        tone: 'plain',
      }
    case 'exited':
      return {
        title: `Shell on ${pod} ended`,
        body: `${about}It ended ${when} of its last command.`,
        tone: 'plain',
      }
    case 'lost':
      return {
        title: `Command on ${pod} was lost`,
        body: `${about}Its shell is gone, seen at ${formatTimeOfDay(atMs)}.`,
        tone: 'warning',
      }
  }
}
