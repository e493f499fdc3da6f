import type { BillingLedger, ChargeLine, ChargeOwner } from '../ledger/ledger'
import { hourlyRate, monthlyRate } from '../ledger/rates'
import type { PodRecord } from './pod-record'
import { MINUTE_MS } from '../../core/base/time/time'

/** Records the charges of a pod's past runs and its present run, as known at its creation. */
export function bookCreation(ledger: BillingLedger, pod: PodRecord, nowMs: number): void {
  const owner = ownerOf(pod)
  ledger.setRates(owner, pod.createdAtMs, stoppedLines(pod))
  for (const { startedAgoMin, stoppedAgoMin } of pod.spec.earlierRuns) {
    ledger.setRates(owner, nowMs - startedAgoMin * MINUTE_MS, runningLines(pod))
    ledger.setRates(owner, nowMs - stoppedAgoMin * MINUTE_MS, stoppedLines(pod))
  }
  bookRun(ledger, pod, pod.requestedAtMs)
}

/** Records that the pod runs from `fromMs` on, and its end, if known. */
export function bookRun(ledger: BillingLedger, pod: PodRecord, fromMs: number): void {
  ledger.setRates(ownerOf(pod), fromMs, runningLines(pod))
  bookStop(ledger, pod, fromMs)
}

/** Records that the pod is off from the time it stops, but not before `fromMs`. */
export function bookStop(ledger: BillingLedger, pod: PodRecord, fromMs: number): void {
  if (pod.offAtMs !== null) ledger.setRates(ownerOf(pod), Math.max(fromMs, pod.offAtMs), stoppedLines(pod))
}

/** A removed pod has no further costs. */
export function bookEnd(ledger: BillingLedger, pod: PodRecord, atMs: number): void {
  ledger.setRates(ownerOf(pod), atMs, [])
}

function ownerOf(pod: PodRecord): ChargeOwner {
  return { kind: 'pod', id: pod.id, clusterId: pod.spec.cluster?.id ?? null }
}

function runningLines({ spec }: PodRecord): readonly ChargeLine[] {
  return [
    { kind: spec.gpu === null ? 'cpu' : 'gpu', rate: hourlyRate(spec.costPerHourUsd) },
    { kind: 'disk', rate: monthlyRate('containerRunning', spec.containerDiskGb) },
    { kind: 'disk', rate: monthlyRate('volumeRunning', spec.persistent?.sizeGb ?? 0) },
  ]
}

/** A stop wipes the container disk, and the volume costs twice as much. */
function stoppedLines({ spec }: PodRecord): readonly ChargeLine[] {
  return [{ kind: 'disk', rate: monthlyRate('volumeStopped', spec.persistent?.sizeGb ?? 0) }]
}
