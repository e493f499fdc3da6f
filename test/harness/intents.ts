import {
  defaultIntentRules as rules,
  type Intent,
  type IntentAction,
  markSent,
  scheduleIntent,
  undoIntent,
} from '../../src/core/intents/intent'
import { withLook } from '../../src/core/intents/intent-observation'
import { withReply } from '../../src/core/intents/intent-reply'
import { ok } from '../../src/core/base/result'
import type { Pod } from '../../src/core/pods/pod'
import { instant, pod, stoppedPod, telemetry } from './pods'
import { failure } from './provider'

/** Moments in the life of the intents below, ms: sent after the undo time, answered, put off. */
export const SENT_MS = 5_000
export const ANSWERED_MS = 6_000

/** An action in every state that it can be in; `waiting` was put off by Runpod. */
export function intentsOf(action: IntentAction) {
  const before = action === 'start' ? stoppedPod() : pod()
  const done = {
    start: pod({ startedAtMs: instant(7_000).wallMs }),
    stop: stoppedPod(),
    restart: pod({ telemetry: telemetry({ uptimeS: 1 }) }),
    terminate: null,
  }[action]
  const asked = { id: 'intent-1', accountId: 'account-1', action, origin: 'person' } as const
  const scheduled = scheduleIntent(asked, before, instant(0), rules)
  const sent = markSent(scheduled, instant(SENT_MS))
  const answer = (reply: Parameters<typeof withReply>[1]): Intent =>
    withReply(sent, reply, instant(ANSWERED_MS), rules)
  const look = (ms: number, seen: Pod | null): Intent => withLook(sent, seen, instant(ms), instant(ms), rules)
  return {
    scheduled,
    waiting: answer(failure('rate-limited', { retryAfterMs: 20_000 })),
    sent,
    disputed: answer(failure('conflict')),
    accepted: answer(ok(null)),
    observed: look(10_000, done),
    cancelled: undoIntent(scheduled, instant(1_000)),
    failed: answer(failure('forbidden')),
    'did-not-happen': look(SENT_MS + 15 * 60_000, before),
  } as const
}

export type IntentState = keyof ReturnType<typeof intentsOf>
