import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { emptyQueue, type JobRunView, type JobView, type QueueView } from '../../../src/core/queue/queue-view'
import { podKeyOf, type PodKey } from '../../../src/core/pods/pod'
import { NOW_MS } from './pod-views'
import { jobSpec } from './job-spec'

const keyOf = (podId: string): PodKey => podKeyOf('account', podId)

/** By default a job that waits and that a pod fits. */
export const jobView = (over: Partial<JobView> = {}): JobView => ({
  id: 'job-1',
  spec: jobSpec(),
  state: 'queued',
  statusText: null,
  isStarting: false,
  isCanceling: false,
  createdAtMs: NOW_MS - HOUR_MS,
  phaseAtMs: NOW_MS - HOUR_MS,
  fitsPodKeys: [keyOf('idle')],
  startablePodKeys: [keyOf('idle')],
  run: null,
  failures: 0,
  usuallyTakesMs: 98 * MINUTE_MS,
  resultsFetched: null,
  ...over,
})

export const jobRun = (over: Partial<JobRunView> = {}): JobRunView => ({
  podKey: keyOf('busy'),
  podName: 'llama-70b-sft',
  gpuIndexes: null,
  startedAtMs: NOW_MS - 5.9 * HOUR_MS,
  endedAtMs: null,
  exitCode: null,
  unreachableSinceMs: null,
  costUsd: 63.66,
  costKind: 'counted',
  perHourUsd: 10.76,
  ...over,
})

export const queueView = (over: Partial<QueueView> = {}): QueueView => ({ ...emptyQueue, ...over })
