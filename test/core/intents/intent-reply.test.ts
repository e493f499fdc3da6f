import { describe, expect, test } from 'vitest'
import { type Intent, type IntentAction, markSent } from '../../../src/core/intents/intent'
import { defaultIntentRules as rules } from '../../../src/core/intents/intent-rules'
import { withReply } from '../../../src/core/intents/intent-reply'
import { ok } from '../../../src/core/base/result'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { intentsByState } from '../../harness/samples/intents'
import { instant } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

const NOW = instant(8_000)
const limited = (retryAfterMs: number | null) => failure('rate-limited', { retryAfterMs })
const putOff = (intent: Intent, retryAfterMs: number | null): Intent =>
  withReply(intent, limited(retryAfterMs), NOW, rules)

describe('an action that gets a 429', () => {
  test('is not retried if a rule requested it, because the rule decides again', () => {
    for (const origin of ['quiet', 'max-hours'] as const)
      expect(putOff({ ...intentsByState('stop').sent, origin }, 1_000)).toMatchObject({
        phase: 'failed',
        message: 'Runpod asked to wait, so nothing was done. It said rate-limited.',
      })
  })

  test('waits with a message if the user requested it', () => {
    expect(putOff(intentsByState('stop').sent, 1_000)).toMatchObject({
      phase: 'scheduled',
      waitMs: 1_000,
      message: 'Runpod asks to wait. It said rate-limited.',
    })
  })

  test('waits longer and longer while 429s repeat, at least a second, however little they ask for', () => {
    for (const retryAfterMs of [0, -1]) {
      let intent: Intent = intentsByState('start').sent
      const waitsMs = [1, 2, 3, 4, 5].map(() => {
        intent = putOff(markSent(intent, NOW), retryAfterMs)
        return intent.waitMs
      })
      expect(waitsMs).toEqual([1_000, 2_000, 4_000, 8_000, 16_000])
    }
    const random = withReply(intentsByState('start').sent, limited(0), NOW, rules, 0.5)
    expect(random.waitMs).toBeCloseTo(1_100)
    const patient = withReply(intentsByState('start').sent, limited(20_000), NOW, rules, 0.5)
    expect(patient.waitMs).toBe(20_000)
  })

  test('is retried no longer than its confirmation is valid if it is a terminate', () => {
    const { sent } = intentsByState('terminate')
    const leftMs = 2 * MINUTE_MS - 8_000
    expect(putOff(sent, leftMs)).toMatchObject({ phase: 'scheduled', waitMs: leftMs })
    expect(putOff(sent, leftMs + 1)).toMatchObject({
      phase: 'failed',
      message:
        'Runpod asks to wait for longer than a confirmation holds, so trainer was not terminated. It said rate-limited.',
    })
  })

  test('is retried for ten minutes otherwise', () => {
    const leftMs = 10 * MINUTE_MS - 8_000
    expect(putOff(intentsByState('restart').sent, leftMs).phase).toBe('scheduled')
    expect(putOff(intentsByState('restart').sent, leftMs + 1)).toMatchObject({
      phase: 'failed',
      message: 'Runpod kept postponing it: It said rate-limited.',
    })
  })
})

describe('a reply', () => {
  test('that accepts the action clears the message', () => {
    const unclear = withReply(intentsByState('stop').sent, failure('unreachable'), NOW, rules)
    expect(unclear.message).toBe('No clear response, so its effect is being checked. It said unreachable.')
    expect(withReply(unclear, ok(null), NOW, rules)).toMatchObject({ phase: 'accepted', message: null })
  })

  test('that the pod does not exist ends a stop with the API’s message, and a terminate without', () => {
    const notFound = (action: IntentAction) =>
      withReply(intentsByState(action).sent, failure('not-found'), NOW, rules)
    expect(notFound('stop')).toMatchObject({ phase: 'failed', message: 'It said not-found.' })
    expect(notFound('terminate')).toMatchObject({ phase: 'accepted', message: null })
  })

  test('that no GPU is free is recorded for a start only', () => {
    const noGpu = (action: IntentAction) =>
      withReply(intentsByState(action).sent, failure('no-capacity'), NOW, rules)
    expect(noGpu('start')).toMatchObject({ message: 'It said no-capacity.', lacksGpu: true })
    expect(noGpu('restart').lacksGpu).toBe(false)
  })

  test('that the action is not valid now leaves it disputed until a read decides', () => {
    expect(withReply(intentsByState('stop').sent, failure('conflict'), NOW, rules)).toMatchObject({
      phase: 'sent',
      isDisputed: true,
      message: 'It said conflict.',
    })
  })
})
