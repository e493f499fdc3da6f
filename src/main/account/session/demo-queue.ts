import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../core/base/time/clock'
import { fail, ok } from '../../../core/base/result'
import type { VirtualTimeSource } from '../../../core/base/time/virtual-clock'
import { createPodSources } from '../../../core/monitor/queue-pod-sources'
import { createQueuePods, type QueueAccount } from '../../../core/monitor/queue-pods'
import type { JobSecrets, QueueOptions } from '../../../core/queue/queue-ports'
import { createQueue, type Queue } from '../../../core/queue/queue'
import type { PodView } from '../../../core/view/snapshot'
import { localResultFiles } from '../../../node/queue/result-folder'
import type { DemoJob } from '../../../simulator/demo-jobs'
import { sessionText } from '../account-text'

/** However fast the demo's time runs, its pods are asked no more often than this, ms of real time. */
const MIN_WAIT_MS = 1_000

/** `clock`: of the demo's time. */
export interface DemoQueueOptions extends Pick<QueueOptions, 'clock' | 'hostOf' | 'record' | 'report'> {
  readonly realClock: Clock
  readonly time: Pick<VirtualTimeSource, 'factor'>
  readonly accounts: () => readonly QueueAccount[]
}

/** The queue of the demo. It is kept in memory, and gone with the demo. */
export function createDemoQueue(options: DemoQueueOptions): Queue {
  const { clock, realClock, time, accounts } = options
  return createQueue({
    ...options,
    ...createQueuePods(accounts),
    clock: {
      now: () => clock.now(),
      // In real time, or what was put off in fast time would be due much later once that runs at its own pace again.
      schedule: (delayMs, run) => realClock.schedule(Math.max(delayMs / time.factor, MIN_WAIT_MS), run),
      defer: (run) => clock.defer(run),
    },
    newId: randomUUID,
    journal: { record: () => ok(undefined), latest: () => [] },
    secrets: createMemorySecrets(),
    resultFiles: localResultFiles,
    decodeText: (bytes) => new TextDecoder().decode(bytes),
    // The demo has no presets, and its servers run in this process.
    podSources: createPodSources(
      accounts,
      () => null,
      () => 'stays',
    ),
    mayAct: () => true,
    readOnlyReason: () => null,
    readElsewhere: () => [],
  })
}

function createMemorySecrets(): JobSecrets {
  const values = new Map<string, Readonly<Record<string, string>>>()
  return {
    async save(jobId, given) {
      values.set(jobId, given)
      return ok(undefined)
    },
    async load(jobId) {
      const known = values.get(jobId)
      return known === undefined ? fail(sessionText.jobVariablesMissing) : ok(known)
    },
    remove: (jobId) => void values.delete(jobId),
  }
}

/**
 * Adds the jobs of the demo. Returns a function to be called with the pods whenever they changed, which starts each job
 * whose pod can be reached directly, once. Runpod's proxy lets nobody in before there is a container.
 */
export function addDemoJobs(
  queue: Queue,
  jobs: readonly DemoJob[],
): (now: { readonly pods: readonly Pick<PodView, 'key' | 'name' | 'sshRoute'>[] }) => void {
  const toStart = new Map<string, string>()
  const adding = jobs.map(async ({ spec, startsOn }) => {
    const added = await queue.requests.addJob(spec, {}, { isHeld: false, isFromCommandLine: false })
    if (added.ok && startsOn !== null) toStart.set(added.value, startsOn)
  })
  void Promise.all(adding)
  return ({ pods }) => {
    const jobsById = new Map(queue.view().jobs.map((job) => [job.id, job]))
    for (const [jobId, podName] of toStart) {
      const key = pods.find(({ name, sshRoute }) => name === podName && sshRoute === 'direct')?.key
      const job = jobsById.get(jobId)
      if (key === undefined || job?.startablePodKeys.includes(key) !== true) continue
      toStart.delete(jobId)
      void queue.requests.runJob(jobId, key)
    }
  }
}
