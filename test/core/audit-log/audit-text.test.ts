import { expect, test } from 'vitest'
import { allAuditEntries, type AuditEntry } from '../../../src/core/audit-log/audit-log'
import { createAuditRecorder } from '../../../src/core/audit-log/audit-recorder'
import {
  connectionEntry,
  endEntry,
  intentEntry,
  keyEntry,
  startEntry,
} from '../../../src/core/audit-log/audit-text'
import { type Intent, scheduleIntent } from '../../../src/core/intents/intent'
import { defaultIntentRules } from '../../../src/core/intents/intent-rules'
import type { ConnectionView } from '../../../src/core/polling/connection'
import { createMemoryAuditLog } from '../../../src/node/in-memory/memory-files'
import { createFakeClock } from '../../harness/base/fake-clock'
import { pod } from '../../harness/samples/pods'

const now = createFakeClock().now()
const intent = (over: Partial<Intent>): Intent => ({
  ...scheduleIntent(
    { id: 'i', accountId: 'account', action: 'stop', origin: 'person' },
    pod({ name: 'llama' }),
    now,
    defaultIntentRules,
  ),
  ...over,
})

test.each<[Partial<Intent>, string, string]>([
  [{}, 'You requested a stop of llama.', 'plain'],
  [{ message: 'Runpod asks to wait.' }, 'The stop of llama is delayed. Runpod asks to wait.', 'warning'],
  [{ phase: 'sent' }, 'The stop of llama was sent to Runpod.', 'plain'],
  [{ phase: 'accepted' }, 'Runpod accepted the stop of llama.', 'plain'],
  [{ phase: 'observed' }, 'llama stopped.', 'good'],
  [{ phase: 'observed', action: 'terminate' }, 'llama was terminated.', 'good'],
  [{ phase: 'cancelled' }, 'The stop of llama was undone.', 'plain'],
  [{ phase: 'cancelled', message: 'It changed.' }, 'It changed.', 'warning'],
  [{ phase: 'failed', message: 'no such pod' }, 'The stop of llama failed. no such pod', 'bad'],
  [{ phase: 'did-not-happen' }, 'The stop of llama is not confirmed yet.', 'bad'],
])('an entry about an action is a sentence: %j', (over, text, tone) => {
  const entry = intentEntry(intent(over), 5)
  expect(entry).toMatchObject({ atMs: 5, kind: 'intent', text, tone, podName: 'llama' })
  expect(entry.what).toBe(`${over.action ?? 'stop'} ${over.phase ?? 'scheduled'}`)
})

test('an entry about an action says which, who asked and how long ago', () => {
  const requestedAt = { wallMs: 0, monotonicMs: 0, runId: 'run' }
  const phaseAt = { wallMs: 4_200, monotonicMs: 4_000, runId: 'run' }
  const asked = { requestedAt, phaseAt, isFromCommandLine: true }
  expect(intentEntry(intent(asked), 5).intent).toEqual({
    id: 'i',
    action: 'stop',
    requester: 'command-line',
    elapsedMs: 4_000,
  })
  const byAlice = intentEntry(intent({ ...asked, phase: 'scheduled', personName: 'alice' }), 5)
  expect(byAlice.text).toBe('alice requested a stop of llama.')
  expect(byAlice.intent).toMatchObject({ requester: 'command-line', reason: 'alice' })
  expect(intentEntry(intent({ ...asked, origin: 'budget' }), 5).intent?.requester).toBe('budget')
  expect(intentEntry(intent({}), 5).intent?.requester).toBe('person')
})

const failing = { sinceMs: 0, nextTryAtMs: 0, failure: 'Refused.' } as const
test.each<[ConnectionView, ConnectionView, string | null]>([
  [{ kind: 'connecting' }, { kind: 'live' }, null],
  [{ kind: 'live' }, { kind: 'offline', ...failing }, 'No usable response from Runpod. Refused.'],
  [{ kind: 'offline', ...failing }, { kind: 'unreadable', ...failing }, null],
  [{ kind: 'offline', ...failing }, { kind: 'live' }, 'Runpod responded again after 6 min.'],
  [
    { kind: 'live' },
    { kind: 'key-refused', firstAtMs: 0, againAtMs: 0, nextTryAtMs: 0 },
    'Runpod rejected the API key.',
  ],
  [
    { kind: 'key-refused', firstAtMs: 0, againAtMs: 0, nextTryAtMs: 0 },
    { kind: 'live' },
    'Runpod accepted the API key again.',
  ],
  [
    { kind: 'live' },
    { kind: 'forbidden', atMs: 0, failure: 'Denied.' },
    'The API key can’t access pods. Denied.',
  ],
  [{ kind: 'live' }, { kind: 'live' }, null],
])('a change of the connection from %j to %j has its own text', (before, after, text) => {
  expect(connectionEntry(before, after, 'account', 360_000)?.text ?? null).toBe(text)
})

test('an outage is two entries, whatever kinds of failures and quota delays occur in between', () => {
  const clock = createFakeClock()
  const log = createMemoryAuditLog()
  const recorder = createAuditRecorder(log, 'account', clock)
  const since = clock.now().wallMs
  const outage = { ...failing, sinceMs: since }
  const steps: readonly ConnectionView[] = [
    { kind: 'live' },
    { kind: 'offline', ...outage },
    { kind: 'offline', ...outage },
    { kind: 'rate-limited', untilMs: 0 },
    { kind: 'unreadable', ...outage, sinceMs: since + 60_000 },
    { kind: 'offline', ...outage, sinceMs: since + 120_000 },
  ]
  for (const step of steps) recorder.recordConnection(step)
  clock.advance(180_000)
  recorder.recordConnection({ kind: 'live' })
  expect(log.page(null, allAuditEntries, 10).entries.map(({ text }) => text)).toEqual([
    'Runpod responded again after 3 min.',
    'No usable response from Runpod. Refused.',
  ])
})

const entryAt = (what: string, atMs: number): AuditEntry => ({ ...endEntry('Podkeeper', atMs), what })
test('a start entry tells from the last entry how the previous run ended', () => {
  expect(startEntry('Podkeeper', [], 9)).toMatchObject({ what: 'started', text: 'Podkeeper started.' })
  const orderly = [entryAt('ended', 8), entryAt('started', 1)]
  expect(startEntry('Podkeeper', orderly, 9)).toMatchObject({ tone: 'plain', text: 'Podkeeper started.' })
  const crashed = [intentEntry(intent({}), 5_000), entryAt('started', 1), entryAt('ended', 0)]
  expect(startEntry('podkeeper watch', crashed, 9_000)).toMatchObject({
    tone: 'warning',
    text: 'podkeeper watch started. The previous run didn’t exit normally; its last entry is from 1970-01-01T00:00:05.000Z.',
  })
})

test('an entry about a key contains only its ending', () => {
  const account = { id: 'account', host: 'api.runpod.io', keyEnding: 'cess' }
  expect(keyEntry('connected', account, 1).text).toBe(
    'Watching the account at api.runpod.io with the key ending in cess.',
  )
  expect(keyEntry('forgotten', { id: 'account', host: 'api.runpod.io' }, 1).text).toBe(
    'Forgot the key of the account at api.runpod.io.',
  )
})
