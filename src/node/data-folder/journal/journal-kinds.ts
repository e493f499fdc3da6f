import {
  type CreateIntent,
  lacksRules,
  mayAppearLate,
  parseCreate,
} from '../../../core/creation/create-intent'
import { type Intent, isOpen } from '../../../core/intents/intent'
import {
  isOfLaterOutboxFormat,
  keptOutboxRecords,
  type OutboxRecord,
  parseOutboxRecord,
} from '../../../core/channels/outbox/outbox-message'
import { parseIntent } from '../../../core/intents/parse-intent'
import { DAY_MS, type Instant } from '../../../core/base/time/time'
import type { Job } from '../../../core/queue/jobs/job'
import { isOfLaterFormat, parseQueueRecord, type QueueRecord } from '../../../core/queue/jobs/job-codec'
import { neededDoneJobs } from '../../../core/queue/jobs/job-order'
import { isDone } from '../../../core/queue/jobs/job-phase'

/** A record of a journal: an action, a create, one of the queue, or a message to a channel. */
export interface Recorded {
  readonly id: string
}

/** What a journal holds. */
export interface JournalKind<T extends Recorded> {
  readonly parse: (value: unknown) => T | null
  /** The records that are kept, at `nowMs` (Unix ms). */
  readonly kept: (recorded: readonly T[], nowMs: number) => readonly T[]
  /** As in "the journal of actions". */
  readonly of: string
  /**
   * Whether a later version wrote a line, so that the file must stay as it is. Absent: the folder's format says that.
   */
  readonly isLater?: (value: unknown) => boolean
  /** Only the end is read of a larger file. */
  readonly maxBytes: number
}

/** More than years of actions, and nobody wrote it like that. */
const MAX_BYTES = 64 * 1_024 * 1_024
/** Each line has a whole script. A string can't be much longer. */
const MAX_QUEUE_BYTES = 500 * 1_024 * 1_024
const isRecent = ({ phaseAt }: { readonly phaseAt: Instant }, nowMs: number): boolean =>
  nowMs - phaseAt.wallMs < DAY_MS

export const intentJournal: JournalKind<Intent> = {
  parse: parseIntent,
  kept: (intents, nowMs) => intents.filter((intent) => isOpen(intent) || isRecent(intent, nowMs)),
  of: 'actions',
  maxBytes: MAX_BYTES,
}

/** A pod of a create may appear however late. */
export const createJournal: JournalKind<CreateIntent> = {
  parse: parseCreate,
  kept: (creates, nowMs) =>
    creates.filter(
      (create) => isOpen(create) || isRecent(create, nowMs) || mayAppearLate(create) || lacksRules(create),
    ),
  of: 'creates',
  maxBytes: MAX_BYTES,
}

/** Done jobs are kept for what they cost and printed. */
const DONE_JOBS_KEPT_MS = 30 * DAY_MS

export const queueJournal: JournalKind<QueueRecord> = {
  parse: parseQueueRecord,
  kept(records, nowMs) {
    const needed = neededDoneJobs(records.flatMap((one) => (one.kind === 'job' ? [one.job] : [])))
    const isKept = (job: Job): boolean =>
      !isDone(job) || needed.has(job.id) || nowMs - job.phaseAt.wallMs < DONE_JOBS_KEPT_MS
    return records.filter((one) => one.kind === 'rules' || (one.kind === 'job' && isKept(one.job)))
  },
  of: 'jobs',
  isLater: isOfLaterFormat,
  maxBytes: MAX_QUEUE_BYTES,
}

export const outboxJournal: JournalKind<OutboxRecord> = {
  parse: parseOutboxRecord,
  kept: keptOutboxRecords,
  of: 'messages',
  isLater: isOfLaterOutboxFormat,
  maxBytes: MAX_BYTES,
}
