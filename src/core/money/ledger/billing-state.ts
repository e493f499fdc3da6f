import type { Pod } from '../../pods/pod'
import type { NetworkVolume } from '../../pods/provider'
import { networkVolumePerHourUsd, storagePerHourUsd } from '../../pods/storage-rates'
import { approximatePart, type NanoUsdPerHour, toNanoUsd } from './amounts'

/** The billing state of a subject at one moment. Rates are in nano-dollars per hour; null means unknown. */
export interface BillingState {
  /** `booting` costs the same as `on`; `off` costs only its disk. */
  readonly kind: 'booting' | 'on' | 'off'
  /** While on: the API's rate. While off: the rate when it was last observed on. */
  readonly computeRate: NanoUsdPerHour | null
  readonly onDiskRate: NanoUsdPerHour | null
  readonly offRate: NanoUsdPerHour | null
  /** Unix ms. If it is equal in two observations that are both on, the pod ran in between. */
  readonly startedAtMs: number | null
  readonly createdAtMs: number | null
  /** Its rates are from a price list, so nothing is certain to be spent. */
  readonly isApproximate?: true
}

/** The ledger's id of something that costs money: `pod/abc`, `volume/xyz`, or `other`. */
export type SubjectId = string

/** Everything Runpod bills besides pods and network volumes: clusters, serverless and endpoints. */
export const OTHER: SubjectId = 'other'

/** Members of a cluster are billed with it and cannot be told apart. */
export const podSubjectId = ({ id, clusterId }: Pick<Pod, 'id' | 'clusterId'>): SubjectId =>
  clusterId === null ? `pod/${id}` : `member/${id}`

export const volumeSubjectId = (id: string): SubjectId => `volume/${id}`

export function podBillingState(pod: Pod): BillingState {
  const isOff = pod.phase === 'stopped'
  const volumeGb = pod.persistentMount?.sizeGb ?? 0
  const offUsd = pod.areMountsKnown ? storagePerHourUsd(volumeGb, 'volumeStopped') : null
  const onDiskUsd =
    pod.areMountsKnown && pod.containerDiskGb !== null
      ? storagePerHourUsd(volumeGb, 'volumeRunning') +
        storagePerHourUsd(pod.containerDiskGb, 'containerRunning')
      : null
  return {
    kind: isOff ? 'off' : pod.phase === 'creating' ? 'booting' : 'on',
    // The API reports 0 for a stopped pod.
    computeRate: isOff ? null : toRate(pod.costPerHourUsd),
    onDiskRate: toRate(onDiskUsd),
    offRate: toRate(offUsd),
    startedAtMs: pod.startedAtMs,
    createdAtMs: pod.createdAtMs,
    // What a service asks for the disk of a pod that it stopped is not known.
    ...approximatePart(pod.isPriceApproximate === true || (isOff && pod.managed !== undefined)),
  }
}

/** A network volume always costs the same. High-performance volumes have no public rate. */
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

/** A pod that is off does not report what it costs while on, so the last known rate is remembered. */
export function withLastKnownRate(state: BillingState, before: BillingState | undefined): BillingState {
  return state.kind === 'off' && state.computeRate === null
    ? {
        ...state,
        computeRate: before?.computeRate ?? null,
        ...approximatePart(state.isApproximate === true || before?.isApproximate === true),
      }
    : state
}
