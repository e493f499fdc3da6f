import type { Intent, IntentAction } from '../../src/core/intents'
import {
  defaultIntentRules as rules,
  markSent,
  scheduleIntent,
  undoIntent,
  withLook,
  withReply,
} from '../../src/core/intents'
import { ok } from '../../src/core/result'
import { instant, pod, stoppedPod } from './pods'
import { failure } from './provider'

/** Moments in the life of the intents below, ms: sent after the undo time, answered, put off. */
export const SENT_MS = 5_000
export const ANSWERED_MS = 6_000

/** An action in every state that it can be in; `waiting` was put off by Runpod. */
export function intentsOf(action: IntentAction) {
  const before = action === 'stop' ? pod() : stoppedPod()
  const done = action === 'stop' ? stoppedPod() : pod({ startedAtMs: instant(7_000).wallMs })
  const scheduled = scheduleIntent('intent-1', 'account-1', before, action, instant(0), rules)
  const sent = markSent(scheduled, instant(SENT_MS))
  const answer = (reply: Parameters<typeof withReply>[1]): Intent =>
    withReply(sent, reply, instant(ANSWERED_MS), rules)
  const look = (ms: number, seen: typeof before): Intent =>
    withLook(sent, seen, instant(ms), instant(ms), rules)
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
