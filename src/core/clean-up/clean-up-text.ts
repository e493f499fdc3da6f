import { formatDuration, formatMoment, formatUsd } from '../base/text/format'
import type { MonthlyTotal } from './clean-up-view'

/* What the page, the reminder and the command line say of what may be left over. */

export const cleanUpText = {
  podsUnknown: 'Not every pod could be read, so it can’t be told what is unused.',
  podsNotReadYet: 'The pods are not read yet, so it can’t be told what is unused.',
  podsUnread: (problem: string) =>
    `The pods couldn’t be read, so it can’t be told what is unused. ${problem}`,
  volumesUnread: (problem: string) =>
    `The network volumes couldn’t be read, so it can’t be told which are unused. ${problem}`,
  volumesNotReadYet: 'The network volumes are not read yet.',
  mountsUnknown: 'What a pod mounts couldn’t be read, so it can’t be told which volumes are unused.',
  templatesUnread: (problem: string) => `The templates couldn’t be read. ${problem}`,
  templatesPartial: 'Not every template could be read, so there may be more.',
  keysUnread: (problem: string) => `The account’s SSH keys couldn’t be read. ${problem}`,
  keyFolderUnread:
    'The SSH keys of this computer couldn’t be read, so it can’t be told which keys are not on it.',
  keysLocked:
    'The public half of a key on this computer couldn’t be read, so it can’t be told which keys are not on it.',
  agentSilent: 'The SSH agent of this computer doesn’t answer, so it can’t be told which keys are not on it.',
  reminderTitle: (total: MonthlyTotal) => `Unused volumes and pods cost ${monthlyText(total)}`,
} as const

/** "at least $12.40 a month". */
export function monthlyText({ usd, isAtLeast }: MonthlyTotal): string {
  if (usd === 0 && isAtLeast) return 'an unknown amount'
  return `${isAtLeast ? 'at least ' : ''}${formatUsd(usd)} a month`
}

/** "stopped since Nov 22, 2:05 PM or earlier (15 d)"; `sinceMs`, `nowMs`: Unix ms. */
export const stoppedText = (sinceMs: number | null, nowMs: number): string =>
  sinceMs === null
    ? 'stopped, not known since when'
    : `stopped since ${formatMoment(sinceMs, { nowMs })} or earlier (${formatDuration(Math.max(0, nowMs - sinceMs))})`

/** "not mounted for at least 3 d", as far as that was observed; null: it wasn't. */
export const unmountedText = (sinceMs: number | null, nowMs: number): string | null =>
  sinceMs === null || nowMs - sinceMs < MIN_UNUSED_MS
    ? null
    : `not mounted for at least ${formatDuration(nowMs - sinceMs)}`

const MIN_UNUSED_MS = 60_000
