import { formatMoment } from '../../../core/base/text/format'
import type { ServerPage, ServerPageKind } from '../../../core/view/window/server-page'

/** Of accounts that a server keeps. `accounts`: their names. */
export const serverNoteText = {
  onlyAccount: 'your account',
  queue: (accounts: string) =>
    `A server manages ${accounts}: its jobs are started there, and changed there (podkeeper queue).`,
  activity: (accounts: string) =>
    `A server manages ${accounts}: what it did, and for whom, is in its own log.`,
  whichServer: 'Which server',
  /** `account`: null where there is one only. */
  title: (kind: ServerPageKind, host: string, account: string | null) =>
    `${kind === 'queue' ? 'Jobs' : 'Activity'} at ${host}${account === null ? '' : ` (${account})`}`,
  none: { queue: 'No jobs there.', activity: 'Nothing is logged there.' },
  columns: { queue: ['Job', 'State', 'Added'], activity: ['What happened', 'Computer', 'When'] },
  moment: (atMs: number, nowMs: number) => formatMoment(atMs, { nowMs }),
  /** Why the rows are old, or missing. Unix ms. */
  problem: ({ host, readAtMs, problem }: ServerPage, nowMs: number) =>
    `${host} can’t be read: ${(problem ?? '').replace(/\.$/, '')}.${
      readAtMs === null ? '' : ` This is from ${formatMoment(readAtMs, { nowMs })}.`
    }`,
} as const
