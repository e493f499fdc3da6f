import type { PendingAlert } from '../alerts/alert'
import type { AuditEntry } from '../audit-log/audit-log'
import type { Clock } from '../base/time/clock'
import type { Result } from '../base/result'
import type { PodCost } from '../money/costs/pod-cost'
import type { AccountId, PodKey } from '../pods/pod'
import type { HostKeyOutlook } from '../terminal/seen-host-key'
import type { CreateRule, QueueRecord } from './jobs/job-codec'
import type { JobAccounts } from './jobs/job-fit'
import type { JobStore, QueueJournal } from './jobs/job-store'
import type { JobHost, ResultFile } from './host/job-host'
import type { ExperimentView } from './queue-view'
import type { QueuePod } from './schedule/schedule'
import type { JobSpec } from './jobs/job-spec'

/** Values of the variables of jobs. They are kept apart from everything else. Errors are sentences. */
export interface JobSecrets {
  save(jobId: string, values: Readonly<Record<string, string>>): Promise<Result<void, string>>
  load(jobId: string): Promise<Result<Readonly<Record<string, string>>, string>>
  /** Never fails: a value that stays belongs to a job that is gone. */
  remove(jobId: string): void
}

/** Where results go on this computer. Errors are sentences. */
export interface ResultFiles {
  /** Makes a new folder in `folder`, named like `label`, and returns its path. */
  makeFolder(folder: string, label: string): Result<string, string>
  /** Returns the path of the folder in `folder` that is named by `label`, which it makes where there is none. */
  openFolder(folder: string, label: string): Result<string, string>
  /** Why the files don't fit into the folder, as a sentence; null: they do, as far as is known. */
  roomProblem(folder: string, files: readonly ResultFile[]): string | null
  /** Removes what was received of files that are not whole from the folder in `folder` that is named by `label`. */
  removeParts(folder: string, label: string): void
}

/** What became of the request to create a pod. */
export type CreateState =
  | { readonly kind: 'under-way' }
  | { readonly kind: 'pod'; readonly podKey: PodKey }
  /** It certainly made no pod. */
  | { readonly kind: 'failed'; readonly message: string }
  /** It ended, and may have made one. */
  | { readonly kind: 'unclear'; readonly message: string }
  /** The account doesn't know of it. */
  | { readonly kind: 'missing' }
  /** The account can't be asked now. */
  | { readonly kind: 'not-watched' }

/** A pod that is planned and not requested. */
export interface PlannedPod {
  /** The most that it costs, USD per hour with its disks. */
  readonly perHourUsd: number
  /** When this returns ok, the request is on disk with its id. The error is a sentence. */
  readonly create: (requestId: string) => Result<void, string>
}

/** Pods that don't run, for jobs. Errors are sentences. */
export interface PodSources {
  /** Why no pod can be created by the rule for a job, as far as that is known at once; null: nothing is against it. */
  createProblem(rule: CreateRule, job: JobAccounts): string | null
  /** What can be expected of the host key of a stopped pod once it runs, as far as that is known at once. */
  keyOutlook(key: PodKey): HostKeyOutlook
  /** What a stopped pod would cost, USD per hour with its disks, by the present prices. */
  readStartPrice(key: PodKey): Promise<Result<number, string>>
  /** Starts it for a request by an action that is on disk before it is sent. */
  startPod(key: PodKey, requestId: string): Result<void, string>
  /** Plans a pod that the job fits, and that costs no more than the rule allows by the present prices. */
  planPod(rule: CreateRule, spec: JobSpec): Promise<Result<PlannedPod, string>>
  createState(accountId: AccountId, requestId: string): CreateState
  /** Ends the tries of its start or create, and takes it back if nothing was sent. Asking again changes nothing. */
  cancelRequest(accountId: AccountId, requestId: string): void
}

export type HostOf = (accountId: AccountId) => JobHost

/** What the parts of the queue share besides its options. */
export interface QueueContext {
  readonly clock: Pick<Clock, 'now'>
  readonly store: JobStore
  readonly hostOf: HostOf
  readonly isActing: () => boolean
  /** Whether a reply, or what was found out, may still be written down. */
  readonly mayRecord: () => boolean
  readonly onChange: () => void
}

export interface QueueOptions {
  readonly clock: Clock
  readonly newId: () => string
  readonly journal: QueueJournal
  /** Jobs on the pods of an account. Null: this program changes what waits, and neither starts nor reads anything. */
  readonly hostOf: HostOf | null
  readonly secrets: JobSecrets
  readonly resultFiles: ResultFiles
  /** Text of bytes in UTF-8, with replacement characters for what is none. */
  readonly decodeText: (bytes: Uint8Array) => string
  /** The pods of all accounts that are watched. */
  readonly pods: () => readonly QueuePod[]
  /** What the labs' own queues hold, those in front that idle pods of their type could run. */
  readonly experiments: () => readonly ExperimentView[]
  /** Whether the pod is confirmed not to exist any more. Asked again and again: the service may have to be asked. */
  readonly isGone: (key: PodKey) => boolean
  /** Reads the pod again. False: it couldn't be read. */
  readonly refreshPod: (key: PodKey) => Promise<boolean>
  /** What the pod cost between two times, Unix ms; null: not known. */
  readonly costOf: (key: PodKey, fromMs: number, toMs: number) => PodCost | null
  /** Asks for a look inside the pod, as often as the guard may look. */
  readonly wantLook: (key: PodKey) => void
  /** Stops the pod with the usual undo window. */
  readonly stopPod: (key: PodKey) => Result<void, string>
  readonly podSources: PodSources
  readonly announce: (accountId: AccountId, alert: PendingAlert) => void
  readonly record: (entry: AuditEntry) => void
  /** Whether this program may act on the data folder. */
  readonly mayAct: () => boolean
  /** Why jobs can't be changed here, as a sentence; null: they can. */
  readonly readOnlyReason: () => string | null
  /** Jobs as another program stores them, while this one may not act. */
  readonly readElsewhere: () => readonly QueueRecord[]
  readonly report: (what: string, cause?: unknown) => void
}
