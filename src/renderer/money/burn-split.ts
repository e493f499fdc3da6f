import { formatUsdPerHour } from '../../core/format'
import type { PodId } from '../../core/pod'
import type { PodView } from '../../core/snapshot'
import { perHourUsd } from '../pods/arrange-pods'
import { isIdle } from '../pods/pods-view'

/** One part of what burns now. */
export interface BurnPart {
  readonly key: string
  /** Null: several pods together. */
  readonly podId: PodId | null
  readonly name: string
  readonly perHourUsd: number
  /** Of everything that burns, 0–1. */
  readonly share: number
  readonly isIdle: boolean
}

/** So many pods are shown by themselves: as many as there are colours to tell apart. */
const OWN_PARTS = 4

/** What burns now, by pod: the dearest ones, the other ones together, and the disks of what is stopped. */
export function burnSplit(pods: readonly PodView[]): readonly BurnPart[] {
  const active: PodView[] = []
  let stoppedUsd = 0
  let totalUsd = 0
  for (const pod of pods) {
    const usd = perHourUsd(pod) ?? 0
    totalUsd += usd
    if (pod.phase === 'stopped') stoppedUsd += usd
    else if (usd > 0) active.push(pod)
  }
  if (totalUsd <= 0) return []
  const part = (key: string, name: string, usd: number, pod: PodView | null): BurnPart => ({
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
  return parts
}

/** "$10.76/h · 59 %". */
export function burnPartWords({ perHourUsd: usd, share, isIdle: idle }: BurnPart): string {
  const percent = share > 0 && share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`
  return `${formatUsdPerHour(usd)} · ${percent}${idle ? ' · idle' : ''}`
}
