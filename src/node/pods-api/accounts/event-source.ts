import { join } from 'node:path'
import type { ListedAuditEntry } from '../../../core/audit-log/audit-log'
import type { EventLog, NewApiEvent } from '../../../core/pods-api/api-event'
import { SECOND_MS } from '../../../core/base/time/time'
import { entriesFromEnd } from '../../data-folder/records/audit-log-files'
import type { Holder } from './holder'
import { podBody, type ReadAccount, type ServedAccount } from './served-account'

export interface EventSourceOptions {
  readonly folder: string
  readonly holder: Pick<Holder, 'details'>
  readonly accounts: () => readonly ServedAccount[]
  readonly log: EventLog
  readonly everyMs?: number
}

const EVERY_MS = 2 * SECOND_MS
/** Of the activity log, at once. */
const MAX_ENTRIES = 500

/** Puts into the log what changes of the pods, and what the activity log gets. Returns what ends it. */
export function startEventSource(options: EventSourceOptions): () => void {
  const { folder, holder, accounts, log, everyMs = EVERY_MS } = options
  const known = new Map<string, ReadonlyMap<string, PodFacts>>()
  const activity = join(folder, 'activity')
  /** Null: not read yet. */
  let lastSeq: number | null = null
  let timer: NodeJS.Timeout | undefined
  let isEnded = false

  async function observe(account: ServedAccount): Promise<readonly NewApiEvent[]> {
    const details = await holder.details(account.id).catch(() => null)
    if (details === null || details.listedAtMs === null) return []
    const now = new Map(details.pods.map((pod) => [pod.id, factsOf({ account, details }, pod)]))
    const before = known.get(account.id)
    known.set(account.id, now)
    return before === undefined ? [] : changesOf(account, before, now)
  }

  async function observeAll(): Promise<void> {
    lastSeq ??= newestSeq(activity)
    for (const account of accounts()) log.add(await observe(account))
    const entries = newEntries(activity, lastSeq)
    lastSeq = entries.at(-1)?.seq ?? lastSeq
    log.add(entries.flatMap(toEvent))
  }

  /** What could not be read is read at the next poll. */
  async function turn(): Promise<void> {
    await observeAll().catch(() => {})
    if (!isEnded) timer = setTimeout(() => void turn(), everyMs)
  }

  void turn()
  return () => {
    isEnded = true
    clearTimeout(timer)
  }
}

interface PodFacts {
  readonly status: string
  readonly verdict: string
  readonly body: ReturnType<typeof podBody>
}

function factsOf({ account }: ReadAccount, pod: Parameters<typeof podBody>[1]): PodFacts {
  const body = podBody(account, pod)
  return { status: `${body.status} ${body.pendingAction ?? ''}`, verdict: body.verdict?.state ?? '', body }
}

function changesOf(
  { id }: ServedAccount,
  before: ReadonlyMap<string, PodFacts>,
  now: ReadonlyMap<string, PodFacts>,
): readonly NewApiEvent[] {
  const ofPods = [...now].flatMap(([podId, { status, verdict, body }]): NewApiEvent[] => {
    const earlier = before.get(podId)
    const { _id, labId, name } = body
    return [
      ...(earlier?.status === status ? [] : [{ type: 'pod' as const, accountId: id, data: { ...body } }]),
      ...(earlier === undefined || earlier.verdict === verdict
        ? []
        : [
            {
              type: 'verdict' as const,
              accountId: id,
              data: { _id, labId, name, verdict: body.verdict ?? null },
            },
          ]),
    ]
  })
  const gone = [...before].flatMap(([podId, { body }]): NewApiEvent[] =>
    now.has(podId)
      ? []
      : [{ type: 'pod', accountId: id, data: { _id: body._id, labId: body.labId, status: 'gone' } }],
  )
  return [...ofPods, ...gone]
}

function newestSeq(activity: string): number {
  for (const { seq } of entriesFromEnd(activity)) return seq
  return 0
}

/** Oldest first. */
function newEntries(activity: string, lastSeq: number): readonly ListedAuditEntry[] {
  const found: ListedAuditEntry[] = []
  for (const entry of entriesFromEnd(activity)) {
    if (entry.seq <= lastSeq || found.length >= MAX_ENTRIES) break
    found.push(entry)
  }
  return found.reverse()
}

const eventTypes: Readonly<Partial<Record<ListedAuditEntry['kind'], NewApiEvent['type']>>> = {
  alert: 'alert',
  intent: 'action',
  decision: 'action',
  connection: 'connection',
  key: 'connection',
}

function toEvent({
  kind,
  what,
  text,
  podId,
  accountId,
  atMs,
  tone,
  seq,
  computer,
}: ListedAuditEntry): NewApiEvent[] {
  const type = eventTypes[kind]
  if (type === undefined) return []
  return [
    {
      type,
      accountId,
      data: {
        entry: seq,
        kind,
        what,
        message: text,
        podId,
        tone,
        at: Math.round(atMs),
        computer: computer ?? null,
      },
    },
  ]
}
