import { onTestFinished } from 'vitest'
import { SECOND_MS } from '../../../src/core/base/time/time'
import type { PendingAlert } from '../../../src/core/alerts/alert'
import type { AuditEntry } from '../../../src/core/audit-log/audit-log'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { noGuard } from '../../../src/core/guard/guard-view'
import { podKeyOf } from '../../../src/core/pods/pod'
import { parseQueueRecord, type QueueRecord } from '../../../src/core/queue/jobs/job-codec'
import type { JobHost } from '../../../src/core/queue/host/job-host'
import { createQueue, type Queue } from '../../../src/core/queue/queue'
import type { JobSecrets, PodSources, QueueOptions, ResultFiles } from '../../../src/core/queue/queue-ports'
import type { QueuePod } from '../../../src/core/queue/schedule/schedule'
import { createFakeClock, type FakeClock } from '../base/fake-clock'
import { createFakePodHost, type FakePodHostOptions } from './fake-pod-host'
import { jobSpec } from '../samples/job-spec'
import { idleActivity, pod } from '../samples/pods'
import type { JobSpec } from '../../../src/core/queue/jobs/job-spec'
import { MAX_JOBS } from '../../../src/core/queue/jobs/job-phase'

export const ACCOUNT = 'account-1'

/** A pod that has been idle and quiet for an hour, as the queue sees it. */
export function queuePod(overrides: Partial<QueuePod> & { readonly id?: string } = {}): QueuePod {
  const { id = 'pod-1', ...given } = overrides
  return {
    key: podKeyOf(ACCOUNT, id),
    pod: pod({ id, name: `name-${id}` }),
    activity: idleActivity(),
    guard: noGuard,
    alertAfterMs: 15 * 60_000,
    hasOpenAction: false,
    isShownElsewhere: false,
    isObserved: true,
    ...given,
  }
}

/** The lines of a journal that survive the program, as its file would hold them. */
export function createMemoryQueueJournal() {
  const lines: string[] = []
  return {
    lines,
    isFull: false,
    record(record: QueueRecord): Result<void, string> {
      if (this.isFull) return fail('the disk is full')
      lines.push(JSON.stringify(record))
      return ok(undefined)
    },
    latest(): readonly QueueRecord[] {
      const byId = new Map<string, QueueRecord>()
      for (const line of lines) {
        const record = parseQueueRecord(JSON.parse(line))
        if (record === null) throw new Error(`This line can't be read: ${line}`)
        byId.set(record.id, record)
      }
      return [...byId.values()]
    },
  }
}

export function createMemorySecrets(): JobSecrets & { readonly values: Map<string, unknown> } {
  const values = new Map<string, Readonly<Record<string, string>>>()
  return {
    values,
    save: async (jobId, given) => {
      values.set(jobId, given)
      return ok(undefined)
    },
    load: async (jobId) => {
      const found = values.get(jobId)
      return found === undefined ? fail('The values of its variables are not known.') : ok(found)
    },
    remove: (jobId) => void values.delete(jobId),
  }
}

/** Values of variables whose given read, the first is 1, ends once `letGo` is called. */
export function createSlowSecrets(slowLoad: number) {
  const secrets = createMemorySecrets()
  let loads = 0
  let letGo = (): void => {}
  const load: JobSecrets['load'] = async (jobId) => {
    const loaded = await secrets.load(jobId)
    if ((loads += 1) === slowLoad) await new Promise<void>((resolve) => (letGo = resolve))
    return loaded
  }
  return { secrets: { ...secrets, load }, letGo: () => letGo() }
}

/** Folders that exist in name only. */
export const memoryResultFiles: ResultFiles = {
  makeFolder: (folder, label) => ok(`${folder}/${label}`),
  openFolder: (folder, label) => ok(`${folder}/${label}`),
  roomProblem: () => null,
  removeParts: () => {},
}

/** No pod can be started or created for a job. */
export const noPodSources: PodSources = {
  createProblem: () => 'There are no presets.',
  keyOutlook: () => 'stays',
  readStartPrice: async () => fail('Its price is not known.'),
  startPod: () => fail('It can’t be started.'),
  planPod: async () => fail('There are no presets.'),
  createState: () => ({ kind: 'missing' }),
  cancelRequest: () => {},
}

export interface QueueFixture {
  readonly clock: FakeClock
  readonly queue: Queue
  readonly journal: ReturnType<typeof createMemoryQueueJournal>
  readonly secrets: ReturnType<typeof createMemorySecrets>
  readonly alerts: PendingAlert[]
  readonly entries: AuditEntry[]
  readonly stopped: string[]
  pods: readonly QueuePod[]
  goneKeys: readonly string[]
  readonly looks: string[]
  refreshes: number
  /** Adds a job and returns its id. */
  add(overrides?: Partial<JobSpec>, variables?: Readonly<Record<string, string>>): Promise<string>
  stateOf(jobId: string): string
}

export function createQueueFixture(
  host: JobHost,
  given: Partial<QueueOptions> & { readonly clock?: FakeClock } = {},
): QueueFixture {
  const clock = given.clock ?? createFakeClock()
  const journal = createMemoryQueueJournal()
  const secrets = createMemorySecrets()
  let ids = 0
  const fixture: Omit<QueueFixture, 'queue' | 'add' | 'stateOf'> = {
    clock,
    journal,
    secrets,
    alerts: [],
    entries: [],
    stopped: [],
    pods: [queuePod()],
    goneKeys: [],
    looks: [],
    refreshes: 0,
  }
  const queue = createQueue({
    clock,
    newId: () => `job-${(ids += 1)}`,
    journal,
    hostOf: () => host,
    secrets,
    resultFiles: memoryResultFiles,
    decodeText: (bytes) => new TextDecoder().decode(bytes),
    pods: () => fixture.pods,
    experiments: () => [],
    isGone: (key) => fixture.goneKeys.includes(key),
    refreshPod: async () => {
      fixture.refreshes += 1
      return true
    },
    costOf: () => null,
    wantLook: (key) => void fixture.looks.push(key),
    stopPod: (key) => {
      fixture.stopped.push(key)
      return ok(undefined)
    },
    podSources: noPodSources,
    announce: (_accountId, alert) => void fixture.alerts.push(alert),
    record: (entry) => void fixture.entries.push(entry),
    mayAct: () => true,
    readOnlyReason: () => null,
    readElsewhere: () => [],
    report: (what, cause) => {
      throw new Error(what, { cause })
    },
    ...given,
  })
  return Object.assign(fixture, {
    queue,
    async add(overrides: Partial<JobSpec> = {}, variables: Readonly<Record<string, string>> = {}) {
      const added = await queue.requests.addJob(jobSpec(overrides), variables, {
        isHeld: false,
        isFromCommandLine: false,
      })
      if (!added.ok) throw new Error(added.error)
      return added.value
    },
    stateOf: (jobId: string) =>
      [...queue.view().jobs, ...queue.doneJobs('', MAX_JOBS).jobs].find(({ id }) => id === jobId)?.state ??
      'unknown job',
  })
}

/** A queue that runs over pods of memory, and is disposed of after the test. */
export function startQueue(
  options: FakePodHostOptions = {},
  given: Parameters<typeof createQueueFixture>[1] = {},
) {
  const host = createFakePodHost(options)
  const created = createQueueFixture(host, given)
  created.queue.start()
  onTestFinished(() => created.queue.dispose())
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 5 * SECOND_MS) {
      host.advance(Math.min(left, 5 * SECOND_MS))
      await created.clock.advanceAsync(Math.min(left, 5 * SECOND_MS))
    }
  }
  return { host, pass, ...parts(created) }
}

const parts = (created: QueueFixture) => ({
  fixture: created,
  requests: created.queue.requests,
  add: (...args: Parameters<QueueFixture['add']>) => created.add(...args),
  stateOf: (jobId: string) => created.stateOf(jobId),
  alerts: created.alerts,
})
