import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  cancelIntent,
  expiredIntent,
  type Intent,
  type IntentAction,
  type IntentOrigin,
  type IntentRequest,
  isOpen,
  markSent,
  recoverIntent,
  scheduleIntent,
  undoIntent,
} from '../../../src/core/intents/intent'
import { defaultIntentRules as rules } from '../../../src/core/intents/intent-rules'
import { withObservation } from '../../../src/core/intents/intent-observation'
import { withReply } from '../../../src/core/intents/intent-reply'
import type { Pod, PodPhase } from '../../../src/core/pods/pod'
import type { ProviderErrorKind } from '../../../src/core/pods/provider'
import { ok } from '../../../src/core/base/result'
import { elapsedMs, type Instant, MINUTE_MS } from '../../../src/core/base/time/time'
import { instant, pod, telemetry } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

const errorKinds: readonly ProviderErrorKind[] = [
  'unauthorized',
  'forbidden',
  'not-found',
  'conflict',
  'no-capacity',
  'rate-limited',
  'no-balance',
  'invalid',
  'gone',
  'unreachable',
  'unreadable',
]
const podPhases: readonly PodPhase[] = ['creating', 'running', 'stopped', 'error', 'terminated', 'unknown']

type Event =
  | { readonly kind: 'undo' | 'cancel' | 'send' | 'accept' | 'recover' }
  | { readonly kind: 'refuse'; readonly error: ProviderErrorKind; readonly retryAfterMs: number | null }
  | { readonly kind: 'look'; readonly seen: Pod | null; readonly agoMs: number }

const seen = fc.oneof(
  fc.constant(null),
  fc
    .record({
      phase: fc.constantFrom(...podPhases),
      restartedMs: fc.constantFrom(-60, 1, 10),
      uptimeS: fc.constantFrom(null, 1, 3_595, 3_700, 9_000),
    })
    .map(({ phase, restartedMs, uptimeS }) =>
      pod({
        phase,
        startedAtMs: instant(restartedMs * MINUTE_MS).wallMs,
        telemetry: telemetry({ uptimeS }),
      }),
    ),
)
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constantFrom('undo', 'cancel', 'send', 'send', 'send', 'accept', 'recover') }),
  fc.record({
    kind: fc.constant('refuse' as const),
    error: fc.constantFrom(...errorKinds, 'rate-limited' as const),
    retryAfterMs: fc.constantFrom(null, 0, 1_000, 60_000),
  }),
  fc.record({
    kind: fc.constant('look' as const),
    seen,
    agoMs: fc.constantFrom(0, 1_000, MINUTE_MS, 10 * MINUTE_MS),
  }),
)
const step = fc.record({
  event,
  laterMs: fc.constantFrom(1, 5_000, MINUTE_MS, 3 * MINUTE_MS, 16 * MINUTE_MS),
})

interface Step {
  readonly before: Intent
  readonly event: Event
  readonly after: Intent
  /** When the read was requested; for other events, when they happened. */
  readonly at: Instant
}

/** The states of an intent after each event. A recovery starts another run of the program. */
function runEvents(
  asked: Pick<IntentRequest, 'action' | 'origin' | 'waitsForGpu'>,
  steps: readonly { event: Event; laterMs: number }[],
): Step[] {
  let intent = scheduleIntent({ id: 'intent-1', accountId: 'account-1', ...asked }, pod(), instant(0), rules)
  let atMs = 0
  let run = 1
  return steps.map(({ event: next, laterMs }) => {
    atMs += laterMs
    if (next.kind === 'recover') run += 1
    const at = (ms: number): Instant => instant(ms, { runId: `run-${run}` })
    const before = intent
    intent = apply(intent, next, at(atMs), next.kind === 'look' ? at(atMs - next.agoMs) : at(atMs))
    return { before, event: next, after: intent, at: next.kind === 'look' ? at(atMs - next.agoMs) : at(atMs) }
  })
}

function apply(intent: Intent, next: Event, now: Instant, lookedAt: Instant): Intent {
  switch (next.kind) {
    case 'undo':
      return undoIntent(intent, now)
    case 'cancel':
      return cancelIntent(intent, now, 'Because.')
    case 'send':
      // Like the runner, ends an expired intent instead.
      return expiredIntent(intent, now, rules) ?? markSent(intent, now)
    case 'accept':
      return withReply(intent, ok(null), now, rules)
    case 'refuse':
      return withReply(intent, failure(next.error, { retryAfterMs: next.retryAfterMs }), now, rules)
    case 'look':
      return withObservation(intent, next.seen, lookedAt, now, rules)
    case 'recover':
      return recoverIntent(intent, now, rules)
  }
}

/** Checks every step of every sequence. */
function always(holds: (step: Step) => void): void {
  const lives = fc.record({
    asked: fc.oneof(
      fc.record({
        action: fc.constantFrom<IntentAction>('start', 'stop', 'restart', 'terminate'),
        origin: fc.constantFrom<IntentOrigin>('person', 'person', 'quiet', 'max-hours'),
      }),
      fc.constant({ action: 'start', origin: 'person', waitsForGpu: true } as const),
    ),
    steps: fc.array(step, { minLength: 1, maxLength: 12 }),
  })
  fc.assert(
    fc.property(lives, ({ asked, steps }) => {
      for (const one of runEvents(asked, steps)) holds(one)
    }),
    { numRuns: 1_000 },
  )
}

describe('in any sequence of events', () => {
  test('an ended intent never changes', () => {
    always(({ before, after }) => {
      if (!isOpen(before)) expect(after).toBe(before)
    })
  })

  test('only a 429 on an action of the user leads back to scheduled', () => {
    always(({ before, after, event: { kind, ...details } }) => {
      if (before.phase === 'scheduled' || after.phase !== 'scheduled') return
      expect({ kind, ...details }).toMatchObject({ kind: 'refuse', error: 'rate-limited' })
      expect(before.origin).toBe('person')
    })
  })

  test('only a start that waits for a GPU waits, and only after an attempt that certainly did nothing', () => {
    always(({ before, after, event }) => {
      if (after.phase !== 'waiting' || before.phase === 'waiting') return
      expect(before).toMatchObject({
        action: 'start',
        waitsForGpu: true,
        phase: expect.not.stringMatching('observed'),
      })
      if (event.kind === 'refuse') expect(['rate-limited', 'no-capacity']).toContain(event.error)
      else expect(event).toMatchObject({ kind: 'look', seen: { phase: 'stopped' } })
    })
  })

  test('an intent that was called off is never retried', () => {
    always(({ before, after }) => {
      if (before.isCalledOff) expect(after.phase === 'waiting' || after.sentAt !== before.sentAt).toBe(false)
    })
  })

  test('a terminate is sent only within two minutes of its confirmation, in one run, with no sleep in between', () => {
    always(({ before, after, at }) => {
      if (before.action !== 'terminate' || after.phase !== 'sent' || before.phase === 'sent') return
      expect(at.runId).toBe(before.requestedAt.runId)
      expect(elapsedMs(before.requestedAt, at)).toBeLessThanOrEqual(2 * MINUTE_MS)
    })
  })

  test('a terminate is observed only when its pod is gone, and any other action only while it exists', () => {
    always(({ before, after, event }) => {
      if (event.kind !== 'look' || after.phase === before.phase || after.phase !== 'observed') return
      expect(event.seen === null || event.seen.phase === 'terminated').toBe(before.action === 'terminate')
    })
  })

  test('only a scheduled intent is sent, undone or canceled', () => {
    always(({ before, after }) => {
      if (after.phase === before.phase) return
      if (after.phase === 'sent') expect(['scheduled', 'waiting']).toContain(before.phase)
      if (after.phase === 'cancelled')
        expect(['scheduled', 'waiting'].includes(before.phase) || before.isCalledOff).toBe(true)
    })
  })

  test('a read that was requested before the action was sent never changes the intent', () => {
    always(({ before, event: { kind }, after, at }) => {
      if (kind !== 'look' || before.sentAt?.runId !== at.runId) return
      if (at.monotonicMs < before.sentAt.monotonicMs) expect(after).toBe(before)
    })
  })

  test('"did not happen" requires a read after the deadline, or eight hours without a GPU', () => {
    always(({ before, event: { kind }, after, at }) => {
      if (before.phase === after.phase || after.phase !== 'did-not-happen') return
      if (before.phase === 'waiting') {
        expect(elapsedMs(before.requestedAt, at)).toBeGreaterThanOrEqual(rules.gpuGiveUpMs)
        return
      }
      expect(kind).toBe('look')
      const deadlineMs = { stop: 2, restart: 3, start: 15, terminate: 2 }[before.action] * MINUTE_MS
      expect(before.sentAt && elapsedMs(before.sentAt, at)).toBeGreaterThanOrEqual(deadlineMs)
    })
  })

  test('an action becomes observed only through a read, and accepted only through a reply', () => {
    always(({ before, event, after }) => {
      const { kind } = event
      if (before.phase === after.phase) return
      if (after.phase === 'observed') expect(kind).toBe('look')
      if (after.phase !== 'accepted' || kind === 'accept') return
      // A pod that is not found needs no termination; reads confirm that it is gone.
      expect({ action: before.action, ...event }).toMatchObject({ action: 'terminate', error: 'not-found' })
    })
  })

  test('an unsuccessful end has a message, unless the user undid the action', () => {
    always(({ before, event: { kind }, after }) => {
      if (before.phase === after.phase) return
      if (after.phase === 'failed' || after.phase === 'did-not-happen') expect(after.message).toBeTruthy()
      if (after.phase === 'cancelled' && kind === 'recover') expect(after.message === null).toBe(false)
    })
  })
})
