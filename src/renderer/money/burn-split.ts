import { formatUsdPerHour } from '../../core/base/text/format'
import { distributeCents, NANO_PER_USD } from '../../core/money/ledger/amounts'
import type { PodKey } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'
import { perHourUsd } from '../state/arrange/pod-order'
import { isIdle } from '../../core/view/pod-state'
import { burnPartsText } from './burn-text'

/** One part of the current rate. */
export interface BurnPart {
  readonly key: string
  /** Null when the part covers several pods. */
  readonly podKey: PodKey | null
  readonly name: string
  readonly perHourUsd: number
  /** In whole cents, which add up to the total rate. */
  readonly cents: number
  /** Share of the total rate, 0–1. */
  readonly share: number
  readonly isIdle: boolean
}

/** Number of pods shown separately, limited by the colors that can be told apart. */
const MAX_POD_PARTS = 4

/**
 * Splits the current rate by pod: the most expensive ones, the remaining ones together, the disks of stopped
 * pods, and the network volumes at `volumesUsd` per hour. The parts add up to the total shown beside them.
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
    podKey: pod?.key ?? null,
    name,
    perHourUsd: usd,
    share: usd / totalUsd,
    isIdle: pod !== null && isIdle(pod),
  })
  active.sort((a, b) => (perHourUsd(b) ?? 0) - (perHourUsd(a) ?? 0) || (a.id < b.id ? -1 : 1))
  const largest = active.slice(0, MAX_POD_PARTS)
  const others = active.slice(largest.length)
  const parts = largest.map((pod) => part(`pod:${pod.key}`, pod.name, perHourUsd(pod) ?? 0, pod))
  if (others.length > 0) {
    const usd = others.reduce((sum, pod) => sum + (perHourUsd(pod) ?? 0), 0)
    parts.push(part('others', burnPartsText.others(others.length), usd, null))
  }
  if (stoppedUsd > 0) parts.push(part('stopped', burnPartsText.stoppedDisks, stoppedUsd, null))
  if (volumesUsd > 0) parts.push(part('volumes', burnPartsText.networkVolumes, volumesUsd, null))
  const cents = distributeCents(
    parts.map(({ perHourUsd: usd }) => Math.round(usd * NANO_PER_USD)),
    Math.round(totalUsd * 100),
  )
  return parts.map((one, index) => ({ ...one, cents: cents[index] ?? 0 }))
}

/** "$10.76/hr · 59%". */
export function burnPartText({ perHourUsd: usd, cents, share, isIdle: isIdlePart }: BurnPart): string {
  const percent = share > 0 && share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`
  return `${formatUsdPerHour(cents === 0 ? Math.min(usd, 0.004) : cents / 100)} · ${percent}${isIdlePart ? ' · idle' : ''}`
}
