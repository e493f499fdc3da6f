import { ok, type Result } from '../../../src/core/base/result'
import { podKeyOf } from '../../../src/core/pods/pod'
import { noSchedule, type ScheduleRules } from '../../../src/core/queue/jobs/job-codec'
import type { CreateState, PodSources } from '../../../src/core/queue/queue-ports'
import type { QueuePod } from '../../../src/core/queue/schedule/schedule'
import { pod, stoppedPod } from '../samples/pods'
import { ACCOUNT, noPodSources, queuePod, startQueue } from '../queue/queue-fixture'

export const KEY = podKeyOf(ACCOUNT, 'pod-1')
export const NEW_KEY = podKeyOf(ACCOUNT, 'new')
const DIGEST = 'a'.repeat(64)
export const mayStart: ScheduleRules = {
  ...noSchedule,
  podKeys: [KEY],
  starts: [{ podKey: KEY, maxPerHourUsd: 3 }],
}
export const mayCreate: ScheduleRules = {
  ...noSchedule,
  accountIds: [ACCOUNT],
  creates: [
    { accountId: ACCOUNT, presetName: 'h100', digest: DIGEST, maxPerHourUsd: 3, acceptsNewKey: true },
  ],
}
const booting: QueuePod['activity'] = { kind: 'unknown', reason: 'booting', sinceMs: null }

export const stopped = (overrides: Partial<QueuePod> = {}): QueuePod =>
  queuePod({
    pod: stoppedPod({ name: 'llama', startedAtMs: 1_000 }),
    activity: { kind: 'unknown', reason: 'not-running', sinceMs: null },
    ...overrides,
  })

export const fresh = (key: string, overrides: Partial<QueuePod['pod']> = {}): QueuePod =>
  queuePod({
    id: key,
    pod: pod({ id: key, name: 'llama', startedAtMs: 2_000, ...overrides }),
    activity: booting,
  })

/** Pods by rule, as a service would give them. */
export function createSources(price: () => Result<number, string> = () => ok(2)) {
  const starts: string[] = []
  const startIds: string[] = []
  const creates: string[] = []
  const cancels: string[] = []
  let state: CreateState = { kind: 'under-way' }
  const podSources: PodSources = {
    ...noPodSources,
    createProblem: () => null,
    readStartPrice: async () => price(),
    startPod: (key, requestId) => {
      startIds.push(requestId)
      starts.push(key)
      return ok(undefined)
    },
    planPod: async () => {
      const read = price()
      return read.ok
        ? ok({
            perHourUsd: read.value,
            create: (id) => {
              creates.push(id)
              return ok(undefined)
            },
          })
        : read
    },
    createState: () => state,
    cancelRequest: (_accountId, requestId) => void cancels.push(requestId),
  }
  return { podSources, starts, startIds, creates, cancels, setState: (next: CreateState) => (state = next) }
}

export function startWithSources(rules: ScheduleRules, sources: ReturnType<typeof createSources>) {
  const all = startQueue({}, { podSources: sources.podSources })
  all.fixture.pods = rules === mayStart ? [stopped()] : []
  all.requests.setSchedule(rules)
  return all
}
