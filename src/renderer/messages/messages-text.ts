import { formatMoment, formatRemaining } from '../../core/base/text/format'
import { noKeyringText } from '../../core/settings/key-storage-text'

export const messagesText = {
  label: 'Messages',
  showLess: 'Show less',
  details: 'Details',
  showMore: (count: number) => (count === 1 ? '1 more message' : `${count} more messages`),
  showPod: 'Show pod',
  openRelease: 'Open release page',
  couldNotOpenRelease: 'Couldn’t open the release page',
  restart: 'Restart and update',
  couldNotRestart: 'Couldn’t restart for the update',
  whatsNew: 'What’s new',
  /** Null: a build of what isn't released yet. */
  whatsNewIn: (version: string | null) =>
    version === null ? 'What’s new in the next version' : `What’s new in version ${version}`,
  couldNotReadNotes: 'Couldn’t read what’s new',
  couldNotDismiss: 'Couldn’t dismiss the message',
} as const

export const guardMessageText = {
  paused: 'Auto-stop is paused. No pod is stopped until you resume it.',
  resume: 'Resume auto-stop',
  staysPaused: 'Automatic stops stay paused',
  dryRun: 'Dry run: planned stops are logged, and no pod is stopped.',
  endDryRun: 'End dry run',
  couldNotEndDryRun: 'Couldn’t end the dry run',
} as const

export const alertsPausedText = {
  paused: (untilMs: number, nowMs: number) =>
    `Alerts are paused until ${formatMoment(untilMs, { nowMs })}. Anything that still applies is reported then.`,
  resume: 'Resume alerts',
  couldNotResume: 'Couldn’t resume alerts',
} as const

export const accountMessagesText = {
  monitorOnly:
    'Monitor only: every action has been refused so far, so this key is probably read-only. To start and stop pods, give it write access.',
  otherHost: (host: string) => `Connected to ${host}.`,
  sessionOnly: (reason: string) => `You’ll need to paste the key again after a restart: ${reason}.`,
  noKeyring: noKeyringText,
  accounts: (count: number) => `${count} accounts`,
} as const

/** That polling is slower than usual, as a sentence. `everyMs`: the interval between two lists. */
export function slowPollsText(everyMs: number): string {
  return `Checking every ${formatRemaining(everyMs)} to stay within the rate limit.`
}
