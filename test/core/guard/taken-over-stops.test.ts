import { expect, test } from 'vitest'
import { createPolicyInput, type PolicyParts } from '../../../src/core/guard/stops/policy-input'
import type { Intent } from '../../../src/core/intents/intent'
import { unknownPermission } from '../../../src/core/intents/write-permission'
import { HOUR_MS, type Instant, MINUTE_MS } from '../../../src/core/base/time/time'
import { createFakeClock, START_MS } from '../../harness/base/fake-clock'
import { createAccountContext } from '../../harness/monitor/account-context'
import { intentsByState } from '../../harness/samples/intents'
import { instant, pod } from '../../harness/samples/pods'

/** A process that watched for three hours and then takes over from one that stopped pods. */
const TAKEOVER_MS = 3 * HOUR_MS

const byOther = (sentMs: number, state: 'accepted' | 'failed', podId = 'pod-1'): Intent => {
  const sentAt = { wallMs: START_MS + sentMs, monotonicMs: 1, runId: 'other' }
  const intent = intentsByState('stop')[state]
  return { ...intent, id: `${podId} ${sentMs}`, podId, origin: 'quiet', sentAt, phaseAt: sentAt }
}

function takeOver(...intents: readonly Intent[]) {
  let now: Instant = instant(0)
  let known: readonly Intent[] = []
  const context = createAccountContext({ clock: { ...createFakeClock(), now: () => now } })
  const parts: PolicyParts = {
    fleet: { observedPods: () => [], observedPod: () => null, spacingMs: () => 0 },
    intentRunner: { intents: () => known, podsWithOpenIntent: () => [] },
    deliveries: { isDelivered: () => false } as never,
    permission: () => unknownPermission,
    confirmedSpendUsd: () => null,
    holdNowMs: () => now.wallMs,
  }
  const input = createPolicyInput(context, parts, null)
  input.contextAt(instant(MINUTE_MS))
  known = intents
  return (ms: number) => {
    now = instant(ms)
    return input.contextAt(now)
  }
}

test('automatic stops of the program before count against the hourly limit, for an hour', () => {
  const recent = TAKEOVER_MS - 10 * MINUTE_MS
  const at = takeOver(...['a', 'b', 'c'].map((id) => byOther(recent, 'accepted', id)))
  expect(at(TAKEOVER_MS).stopsLastHour).toBe(3)
  expect(at(TAKEOVER_MS + HOUR_MS - 1).stopsLastHour).toBe(3)
  expect(at(TAKEOVER_MS + HOUR_MS).stopsLastHour).toBe(0)
})

test('automatic stops of long ago do not count against the hourly limit', () => {
  expect(takeOver(byOther(0, 'accepted'))(TAKEOVER_MS).stopsLastHour).toBe(0)
})

test('a stop that just failed in the program before is not tried again at once', () => {
  const failed = { ...byOther(TAKEOVER_MS - MINUTE_MS, 'failed'), podStartedAtMs: pod().startedAtMs }
  const at = takeOver(failed)
  expect(at(TAKEOVER_MS).findRetry(pod(), 'stop')?.leftMs).toBe(4 * MINUTE_MS)
  expect(at(TAKEOVER_MS + 5 * MINUTE_MS).findRetry(pod(), 'stop')?.leftMs).toBe(0)
})
