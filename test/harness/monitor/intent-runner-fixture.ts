import { createIntentRunner, type IntentRunner } from '../../../src/core/intents/intent-runner'
import { type Intent, isOpen } from '../../../src/core/intents/intent'
import { defaultIntentRules } from '../../../src/core/intents/intent-rules'
import { parseIntent } from '../../../src/core/intents/parse-intent'
import type { Pod } from '../../../src/core/pods/pod'
import type { ProviderError } from '../../../src/core/pods/provider'
import type { Journal } from '../../../src/core/intents/journal'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { createFakeClock, type FakeClock } from '../base/fake-clock'
import type { ScriptedProvider } from './scripted-provider'

/** An in-memory journal that also adds its writes to `log`. */
export interface MemoryJournal extends Journal {
  /** What the next run finds: the last record of each open intent, as it was written. */
  openIntents(): readonly Intent[]
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
    openIntents() {
      const last = new Map(journal.records.map((record) => [record.id, record]))
      return [...last.values()]
        .map((record) => parseIntent(JSON.parse(JSON.stringify(record))))
        .filter((record) => record !== null)
        .filter(isOpen)
    },
  }
  return journal
}

export interface IntentRunnerFixture {
  readonly intentRunner: IntentRunner
  readonly clock: FakeClock
  readonly journal: MemoryJournal
  /** Requests and journal writes in order. */
  readonly log: string[]
  readonly changes: Intent[]
  readonly replies: Result<Pod | null, ProviderError>[]
}

/** A runner with in-memory ports. With the fixture of an earlier run, it is the next run after a crash. */
export function createIntentRunnerFixture(
  provider: ScriptedProvider,
  earlier?: Pick<IntentRunnerFixture, 'clock' | 'journal'>,
): IntentRunnerFixture {
  const clock = earlier?.clock ?? createFakeClock()
  const journal = earlier?.journal ?? createMemoryJournal(provider.calls)
  const changes: Intent[] = []
  const replies: IntentRunnerFixture['replies'] = []
  let ids = journal.records.length
  let order = 0
  const context = {
    accountId: 'account-1',
    provider,
    clock,
    journal,
    newId: () => `intent-${(ids += 1)}`,
    random: () => 0,
    earlierIntents: journal.openIntents(),
  }
  const intentRunner = createIntentRunner(context, {
    rules: () => defaultIntentRules,
    async pollPod(podId) {
      const at = clock.now()
      const read = await provider.getPod(podId)
      const isGone = !read.ok && read.error.kind === 'not-found'
      if (read.ok || isGone) intentRunner.observe(podId, read.ok ? read.value : null, at)
      return isGone ? ok(null) : read
    },
    stampRequest: (at) => ({ order: (order += 1), at }),
    onReply: (reply) => replies.push(reply),
    onChange: (intent) => changes.push(intent),
  })
  return { intentRunner, clock, journal, log: provider.calls, changes, replies }
}
