import { formatUsdPerHour } from '../../core/base/format'
import { NANO, shareCents } from '../../core/money/ledger/amounts'
import type { PodId } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'
import { perHourUsd } from '../state/arrange-pods'
import { isIdle } from '../state/pod-filter'

/** One part of what burns now. */
export interface BurnPart {
  readonly key: string
  /** Null: several pods together. */
  readonly podId: PodId | null
  readonly name: string
  readonly perHourUsd: number
  /** The same in whole cents, which add up to those of everything that burns. */
  readonly cents: number
  /** Of everything that burns, 0–1. */
  readonly share: number
  readonly isIdle: boolean
}

/** So many pods are shown by themselves: as many as there are colours to tell apart. */
const OWN_PARTS = 4

/**
 * What burns now, by pod: the dearest ones, the other ones together, the disks of what is stopped, and the network volumes
 * at `volumesUsd` per hour. The parts make the burn that stands beside them.
 */
export function burnSplit(pods: readonly PodView[], volumesUsd = 0): readonly BurnPart[] {
  const active: PodView[] = []
  let stoppedUsd = 0
  let totalUsd = volumesUsd
  for (const pod of pods) {
    const usd = perHourUsd(pod) ?? 0
    totalUsd += usd
    if (pod.phase === 'stopped') stoppedUsd += usd
    else if (usd > 0) active.push(pod)
  }
  if (totalUsd <= 0) return []
  const part = (key: string, name: string, usd: number, pod: PodView | null): Omit<BurnPart, 'cents'> => ({
    key,
    podId: pod?.id ?? null,
    name,
    perHourUsd: usd,
    share: usd / totalUsd,
    isIdle: pod !== null && isIdle(pod),
  })
  active.sort((a, b) => (perHourUsd(b) ?? 0) - (perHourUsd(a) ?? 0) || (a.id < b.id ? -1 : 1))
  const own = active.slice(0, OWN_PARTS)
  const others = active.slice(own.length)
  const parts = own.map((pod) => part(`pod:${pod.id}`, pod.name, perHourUsd(pod) ?? 0, pod))
  if (others.length > 0) {
    const usd = others.reduce((sum, pod) => sum + (perHourUsd(pod) ?? 0), 0)
    parts.push(part('others', others.length === 1 ? '1 other' : `${others.length} others`, usd, null))
  }
  if (stoppedUsd > 0) parts.push(part('stopped', 'disks of stopped pods', stoppedUsd, null))
  if (volumesUsd > 0) parts.push(part('volumes', 'network volumes', volumesUsd, null))
  const cents = shareCents(
    parts.map(({ perHourUsd: usd }) => Math.round(usd * NANO)),
    Math.round(totalUsd * 100),
  )
  return parts.map((one, index) => ({ ...one, cents: cents[index] ?? 0 }))
}

/** "$10.76/h · 59 %". */
export function burnPartWords({ perHourUsd: usd, cents, share, isIdle: idle }: BurnPart): string {
  const percent = share > 0 && share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`
  return `${formatUsdPerHour(cents === 0 ? Math.min(usd, 0.004) : cents / 100)} · ${percent}${idle ? ' · idle' : ''}`
}
