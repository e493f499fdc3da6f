import type { Ledger, Line, Owner } from '../ledger/ledger'
import { hourly, monthly } from '../ledger/money'
import { MINUTE_MS, type PodRecord } from './pod-life'

/** Books a pod's past and its present run, as far as they are known at its birth. */
export function bookBirth(ledger: Ledger, pod: PodRecord, nowMs: number): void {
  const owner = ownerOf(pod)
  ledger.reprice(owner, pod.createdAtMs, stoppedLines(pod))
  for (const { startedAgoMin, stoppedAgoMin } of pod.spec.earlierRuns) {
    ledger.reprice(owner, nowMs - startedAgoMin * MINUTE_MS, runningLines(pod))
    ledger.reprice(owner, nowMs - stoppedAgoMin * MINUTE_MS, stoppedLines(pod))
  }
  bookRun(ledger, pod, pod.requestedAtMs)
}

/** Books that the pod runs from `fromMs` on, and that it stops when it does. */
export function bookRun(ledger: Ledger, pod: PodRecord, fromMs: number): void {
  ledger.reprice(ownerOf(pod), fromMs, runningLines(pod))
  bookStop(ledger, pod, fromMs)
}

/** Books that the pod is off from when it stops, but not before `fromMs`. */
export function bookStop(ledger: Ledger, pod: PodRecord, fromMs: number): void {
  if (pod.offAtMs !== null) ledger.reprice(ownerOf(pod), Math.max(fromMs, pod.offAtMs), stoppedLines(pod))
}

/** A pod that is gone costs nothing more. */
export function bookEnd(ledger: Ledger, pod: PodRecord, atMs: number): void {
  ledger.reprice(ownerOf(pod), atMs, [])
}

function ownerOf(pod: PodRecord): Owner {
  return { kind: 'pod', id: pod.id, clusterId: pod.spec.cluster?.id ?? null }
}

function runningLines({ spec }: PodRecord): readonly Line[] {
  return [
    { kind: spec.gpu === null ? 'cpu' : 'gpu', rate: hourly(spec.costPerHourUsd) },
    { kind: 'disk', rate: monthly('containerRunning', spec.containerDiskGb) },
    { kind: 'disk', rate: monthly('volumeRunning', spec.persistent?.sizeGb ?? 0) },
  ]
}

/** The container disk is wiped by a stop; the volume costs twice as much. */
function stoppedLines({ spec }: PodRecord): readonly Line[] {
  return [{ kind: 'disk', rate: monthly('volumeStopped', spec.persistent?.sizeGb ?? 0) }]
}
