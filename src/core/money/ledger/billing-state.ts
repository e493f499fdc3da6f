import type { Pod } from '../../pods/pod'
import type { NetworkVolume } from '../../pods/provider'
import { networkVolumePerHourUsd, storagePerHourUsd } from '../../pods/storage-rates'
import { type NanoUsdPerHour, toNanoUsd } from './amounts'

/** How something that costs money stood at one moment. Rates are nano-dollars per hour; null: not known. */
export interface BillingState {
  /** `booting` costs as `on` does; `off` costs its disk only. */
  readonly kind: 'booting' | 'on' | 'off'
  /** While on: what the API states. Of one that is off: what was stated when it was last seen on. */
  readonly computeRate: NanoUsdPerHour | null
  readonly onDiskRate: NanoUsdPerHour | null
  readonly offRate: NanoUsdPerHour | null
  /** Unix ms. The same in two looks: it ran through, if it was on in both. */
  readonly startedAtMs: number | null
  readonly createdAtMs: number | null
}

/** What money is spent on, by the name that it has in the ledger: `pod/abc`, `volume/xyz`, or `other`. */
export type SubjectId = string

/** All that Runpod bills beside pods and network volumes: clusters, serverless, endpoints. */
export const OTHER: SubjectId = 'other'

/** Members of a cluster are billed with it, so that they cannot be told apart. */
export const podSubjectId = ({ id, clusterId }: Pick<Pod, 'id' | 'clusterId'>): SubjectId =>
  clusterId === null ? `pod/${id}` : `member/${id}`

export const volumeSubjectId = (id: string): SubjectId => `volume/${id}`

export function podBillingState(pod: Pod): BillingState {
  const isOff = pod.phase === 'stopped'
  const volumeGb = pod.persistentMount === null ? 0 : pod.persistentMount.sizeGb
  const areDisksKnown = pod.areMountsKnown && volumeGb !== null
  const offUsd = areDisksKnown ? storagePerHourUsd(volumeGb, 'volumeStopped') : null
  const onDiskUsd =
    areDisksKnown && pod.containerDiskGb !== null
      ? storagePerHourUsd(volumeGb, 'volumeRunning') +
        storagePerHourUsd(pod.containerDiskGb, 'containerRunning')
      : null
  return {
    kind: isOff ? 'off' : pod.phase === 'creating' ? 'booting' : 'on',
    // The API states 0 for a stopped pod.
    computeRate: isOff ? null : toRate(pod.costPerHourUsd),
    onDiskRate: toRate(onDiskUsd),
    offRate: toRate(offUsd),
    startedAtMs: pod.startedAtMs,
    createdAtMs: pod.createdAtMs,
  }
}

/** A network volume costs the same always; a high-performance one has no public rate. */
export function volumeBillingState({ sizeGb, isHighPerformance }: NetworkVolume): BillingState {
  const usd = sizeGb === null || isHighPerformance ? null : networkVolumePerHourUsd(sizeGb)
  const rate = toRate(usd)
  return {
    kind: 'off',
    computeRate: 0,
    onDiskRate: rate,
    offRate: rate,
    startedAtMs: null,
    createdAtMs: null,
  }
}

const toRate = (usd: number | null): NanoUsdPerHour | null => (usd === null ? null : toNanoUsd(usd))

/** One that is off does not say what it costs when it is on: what it cost then is remembered. */
export function withLastKnownRate(standing: BillingState, before: BillingState | undefined): BillingState {
  return standing.kind === 'off' && standing.computeRate === null
    ? { ...standing, computeRate: before?.computeRate ?? null }
    : standing
}
