import {
  type Intent,
  type IntentAction,
  markSent,
  scheduleIntent,
  undoIntent,
} from '../../../src/core/intents/intent'
import { defaultIntentRules as rules } from '../../../src/core/intents/intent-rules'
import { withObservation } from '../../../src/core/intents/intent-observation'
import { withReply } from '../../../src/core/intents/intent-reply'
import { ok } from '../../../src/core/base/result'
import type { Pod } from '../../../src/core/pods/pod'
import { instant, pod, stoppedPod, telemetry } from './pods'
import { failure } from '../monitor/scripted-provider'

/** Times of the intents below, ms: sent after the undo window, answered, delayed by a 429. */
export const SENT_MS = 5_000
export const ANSWERED_MS = 6_000

/** An action in each of its states; `waiting` got a 429. */
export function intentsByState(action: IntentAction) {
  const before = action === 'start' ? stoppedPod() : pod()
  const done = {
    start: pod({ startedAtMs: instant(7_000).wallMs }),
    stop: stoppedPod(),
    restart: pod({ telemetry: telemetry({ uptimeS: 1 }) }),
    terminate: null,
  }[action]
  const request = { id: 'intent-1', accountId: 'account-1', action, origin: 'person' } as const
  const scheduled = scheduleIntent(request, before, instant(0), rules)
  const sent = markSent(scheduled, instant(SENT_MS))
  const reply = (result: Parameters<typeof withReply>[1]): Intent =>
    withReply(sent, result, instant(ANSWERED_MS), rules)
  const observe = (ms: number, seen: Pod | null): Intent =>
    withObservation(sent, seen, instant(ms), instant(ms), rules)
  return {
    scheduled,
    waiting: reply(failure('rate-limited', { retryAfterMs: 20_000 })),
    sent,
    disputed: reply(failure('conflict')),
    accepted: reply(ok(null)),
    observed: observe(10_000, done),
    cancelled: undoIntent(scheduled, instant(1_000)),
    failed: reply(failure('forbidden')),
    'did-not-happen': observe(SENT_MS + 15 * 60_000, before),
  } as const
}

export type IntentState = keyof ReturnType<typeof intentsByState>
