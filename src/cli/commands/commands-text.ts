import { formatBytes, formatDuration, formatMoment, formatUsd } from '../../core/base/text/format'
import { outdatedText } from '../../core/doctor/computer-check-text'
import type { HealthVerdict } from '../../core/monitor/folder-health'
import { plainText } from '../../core/base/text/plain-text'
import { vanishedText } from '../../core/polling/outside-stop-text'
import type { GonePodView } from '../../core/view/snapshot'

export const activityLogText = {
  notRead: (folder: string, why: string) => `The activity log in ${folder} cannot be read: ${why}`,
} as const

/** `label`: what is to be typed. */
export const confirmText = {
  needsName: (label: string) => `Nothing was done: without a terminal, use --confirm-name. ${label}.`,
} as const

export const healthText = {
  api: {
    'this-folder': 'The Pods API at that address is of this data folder.',
    'another-program':
      'What answers at that address is not the Pods API of this data folder. Send it no token: it may be another program’s.',
    unreachable: 'Nothing answers at that address.',
  },
  of({ reason, outdated }: HealthVerdict): string {
    const verdict = reason ?? 'Polls end, alerts are sent, and what is due is stopped.'
    return outdated ? `${verdict}\n${outdatedText}` : verdict
  },
} as const

export const historyText = {
  none: 'There is no history yet. The app and podkeeper watch record one while they run.',
  states: { busy: 'busy', idle: 'idle', off: 'not running', unknown: 'unknown' },
  notObserved: 'not observed',
  gpuMemory: 'GPU MEMORY',
  csv: {
    share: (state: string) => `${state} share`,
    figures: ['min', 'mean', 'max', 'known share'],
    metrics: { gpu: 'gpu', gpuMemory: 'gpu memory', cpu: 'cpu', memory: 'memory' },
  },
} as const

export const lookText = {
  looking: (pod: string) => `Looking inside ${pod} for a minute…`,
  /** `why`: a clause. */
  found: (pod: string, isWorking: boolean, why: string) =>
    plainText(`${pod} ${isWorking ? 'is working' : 'is at rest'}: ${why}.`),
} as const

export const diskText = {
  reading: (pod: string) => `Reading the disks of ${pod}…`,
  measuring: (path: string) => `Measuring the folders in ${path}…`,
  row: (disk: string, percent: number, used: string, forecast: string | null) =>
    plainText(`${disk}: ${percent}% (${used})${forecast === null ? '' : `. ${forecast}`}`),
  unread: (disk: string, why: string) => plainText(`${disk}: not known. ${why}.`),
  folder: (bytes: number, path: string) => plainText(`${formatBytes(bytes).padStart(8)}  ${path}`),
} as const

export const statusText = {
  noPods: 'No pods.',
  isPartial: 'Part of the list could not be read, so there may be more pods.',
  goneSince: (pod: string, { goneAtMs, how }: Pick<GonePodView, 'goneAtMs' | 'how'>, nowMs: number) =>
    `${pod} has been gone since ${formatMoment(goneAtMs, { nowMs })}.${how === 'vanished' ? ` ${vanishedText}.` : ''}`,
  balance: (usd: number, lastsMs: number | null) =>
    `balance ${formatUsd(usd)}${lastsMs === null ? '' : `, lasts ${formatDuration(lastsMs)}`}`,
  demo: 'Demo with simulated pods',
} as const
