import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Result } from '../../core/base/result'
import type { PodJobs } from '../../core/idle/sample'
import { type AccountId, podKeyOf } from '../../core/pods/pod'
import { createQueue, type Queue } from '../../core/queue/queue'
import type { QueueOptions } from '../../core/queue/queue-ports'
import type { QueueRecord } from '../../core/queue/jobs/job-codec'
import { createPodSources } from '../../core/monitor/queue-pod-sources'
import { createQueuePods, type QueueAccount } from '../../core/monitor/queue-pods'
import { type OpenQueue, readQueue } from '../data-folder/journal/journal'
import { queuePath } from '../data-folder/journal/lazy-journal'
import { fileStamp } from '../data-folder/files/file-stamp'
import { openJobVariables, type VariableKeyring } from '../data-folder/secrets/job-variables-file'
import { createPresetFinder } from './preset-finder'
import { localResultFiles } from './result-folder'

export interface FolderQueueOptions extends Pick<QueueOptions, 'clock' | 'hostOf' | 'record' | 'report'> {
  readonly folder: string
  readonly journal: OpenQueue
  /** Whether this program may write to the data folder; the error is a sentence. */
  readonly mayWrite: () => Result<void, string>
  /** Whether it acts on it. Costs nothing. */
  readonly isActing: () => boolean
  readonly accounts: () => readonly QueueAccount[]
  readonly hostKeyOutlookOf: Parameters<typeof createPodSources>[2]
  /** Null: values of variables are stored like keys of the command line. */
  readonly keyring: VariableKeyring | null
}

/** The queue of a data folder, as the app and the command line have it. */
export function createFolderQueue(options: FolderQueueOptions): Queue {
  const { folder, isActing } = options
  const path = queuePath(folder)
  let read: { readonly stamp: string | null; readonly records: readonly QueueRecord[] } | null = null

  /** What another program wrote, read again when it changed. */
  function readElsewhere(): readonly QueueRecord[] {
    const stamp = fileStamp(path)
    if (read === null || read.stamp !== stamp) read = { stamp, records: readQueue(path) ?? [] }
    return read.records
  }

  return createQueue({
    ...options,
    ...createQueuePods(options.accounts),
    newId: randomUUID,
    secrets: openJobVariables(join(folder, 'job-variables.json'), options.keyring, options.report),
    resultFiles: localResultFiles,
    decodeText: (bytes) => new TextDecoder().decode(bytes),
    podSources: createPodSources(options.accounts, createPresetFinder(folder), options.hostKeyOutlookOf),
    mayAct: isActing,
    readOnlyReason() {
      const allowed = options.mayWrite()
      return allowed.ok ? null : allowed.error
    },
    readElsewhere,
  })
}

/** What the monitor of an account asks the queue about its pods. */
export const podJobsOf = (queue: () => Queue | null, accountId: AccountId): PodJobs => ({
  useOf: (podId) => queue()?.useOf(podKeyOf(accountId, podId)) ?? { hasRunningJob: false },
  waitingJobNames: (podId) => queue()?.waitingJobNames(podKeyOf(accountId, podId)) ?? [],
  maxHours: () => queue()?.maxHours(accountId) ?? new Map(),
  stopAfterJob: (podId) => queue()?.stopAfterJob(podKeyOf(accountId, podId)) ?? null,
})
