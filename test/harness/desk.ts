import { createIntentDesk, type IntentDesk } from '../../src/core/intents/intent-runner'
import { defaultIntentRules, type Intent, isOpen } from '../../src/core/intents/intent'
import { parseIntent } from '../../src/core/intents/parse-intent'
import type { Pod } from '../../src/core/pods/pod'
import type { ProviderError } from '../../src/core/pods/provider'
import type { Journal } from '../../src/core/intents/journal'
import { fail, ok, type Result } from '../../src/core/base/result'
import { createFakeClock, type FakeClock } from './clock'
import type { ScriptedProvider } from './provider'

/** A journal in memory, which writes into `log` when it writes. */
export interface MemoryJournal extends Journal {
  /** What the next run finds: the last record of each intent that is still open, as it was written. */
  open(): readonly Intent[]
  readonly records: Intent[]
  isFull: boolean
}

export function createMemoryJournal(log: string[]): MemoryJournal {
  const journal: MemoryJournal = {
    records: [],
    isFull: false,
    record(intent) {
      if (journal.isFull) return fail('the disk is full.')
      log.push(`write ${intent.phase}`)
      journal.records.push(intent)
      return ok(undefined)
    },
    open() {
      const last = new Map(journal.records.map((record) => [record.id, record]))
      return [...last.values()]
        .map((record) => parseIntent(JSON.parse(JSON.stringify(record))))
        .filter((record) => record !== null)
        .filter(isOpen)
    },
  }
  return journal
}

export interface DeskRig {
  readonly desk: IntentDesk
  readonly clock: FakeClock
  readonly journal: MemoryJournal
  /** Requests and journal writes, in the order in which they happened. */
  readonly log: string[]
  readonly changes: Intent[]
  readonly replies: Result<Pod | null, ProviderError>[]
}

/** A desk with its ports in memory. Given the rig of an earlier run, it is what comes after a crash. */
export function createDeskRig(
  provider: ScriptedProvider,
  earlier?: Pick<DeskRig, 'clock' | 'journal'>,
): DeskRig {
  const clock = earlier?.clock ?? createFakeClock()
  const journal = earlier?.journal ?? createMemoryJournal(provider.calls)
  const changes: Intent[] = []
  const replies: DeskRig['replies'] = []
  let ids = journal.records.length
  let order = 0
  const desk = createIntentDesk({
    accountId: 'account-1',
    provider,
    clock,
    journal,
    newId: () => `intent-${(ids += 1)}`,
    rules: () => defaultIntentRules,
    earlier: journal.open(),
    async lookAt(podId) {
      const at = clock.now()
      const seen = await provider.getPod(podId)
      const isGone = !seen.ok && seen.error.kind === 'not-found'
      if (seen.ok || isGone) desk.look(podId, seen.ok ? seen.value : null, at)
      return isGone ? ok(null) : seen
    },
    request: (at) => ({ order: (order += 1), at }),
    onReply: (reply) => replies.push(reply),
    onChange: (intent) => changes.push(intent),
  })
  return { desk, clock, journal, log: provider.calls, changes, replies }
}
