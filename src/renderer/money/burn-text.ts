import { formatMoment } from '../../core/base/text/format'
import type { Snapshot } from '../../core/view/snapshot'

export const burnText = {
  caption(isTitle: boolean, asOf: string | null): string {
    const label = isTitle ? 'Current rate' : 'current rate'
    return asOf === null ? label : `${label} as of ${asOf}`
  },
  atLeast: (isTitle: boolean) => (isTitle ? ', at least: a price isn’t known' : ', at least'),
  /** ", 2 accounts as of 14:05": those of which only an earlier rate is known; empty without one. */
  olderAccounts(snapshot: Snapshot | null): string {
    if (snapshot === null || snapshot.connection.kind !== 'live') return ''
    const olderMs = snapshot.accounts.flatMap(({ entry, connection, listedAtMs }) =>
      entry.isPaused || connection.kind === 'live' || listedAtMs === null ? [] : [listedAtMs],
    )
    if (olderMs.length === 0) return ''
    const count = olderMs.length === 1 ? '1 account' : `${olderMs.length} accounts`
    return `, ${count} as of ${formatMoment(Math.min(...olderMs), { nowMs: snapshot.atMs })}`
  },
} as const

/** What the current rate is made of, besides single pods. */
export const burnPartsText = {
  others: (count: number) => (count === 1 ? '1 other' : `${count} others`),
  stoppedDisks: 'disks of stopped pods',
  networkVolumes: 'network volumes',
} as const
