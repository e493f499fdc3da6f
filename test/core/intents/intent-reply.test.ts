import { describe, expect, test } from 'vitest'
import { defaultIntentRules as rules, type Intent, type IntentAction } from '../../../src/core/intents/intent'
import { withReply } from '../../../src/core/intents/intent-reply'
import { ok } from '../../../src/core/base/result'
import { MINUTE_MS } from '../../../src/core/base/time'
import { intentsOf } from '../../harness/intents'
import { instant } from '../../harness/pods'
import { failure } from '../../harness/provider'

const NOW = instant(8_000)
const putOff = (intent: Intent, retryAfterMs: number | null): Intent =>
  withReply(intent, failure('rate-limited', { retryAfterMs }), NOW, rules)

describe('what Runpod puts off (429)', () => {
  test('is not tried again when a rule asked for it, which decides anew', () => {
    for (const origin of ['quiet', 'max-hours'] as const)
      expect(putOff({ ...intentsOf('stop').sent, origin }, 1_000)).toMatchObject({
        phase: 'failed',
        message: 'Runpod asked to wait, so nothing was done. It said rate-limited.',
      })
  })

  test('waits in words when a person asked for it', () => {
    expect(putOff(intentsOf('stop').sent, 1_000)).toMatchObject({
      phase: 'scheduled',
      waitMs: 1_000,
      message: 'Runpod asks to wait. It said rate-limited.',
    })
  })

  test('is a terminate no longer than its confirmation holds', () => {
    const { sent } = intentsOf('terminate')
    const leftMs = 2 * MINUTE_MS - 8_000
    expect(putOff(sent, leftMs)).toMatchObject({ phase: 'scheduled', waitMs: leftMs })
    expect(putOff(sent, leftMs + 1)).toMatchObject({
      phase: 'failed',
      message:
        'Runpod asks to wait for longer than a confirmation holds, so trainer was not terminated. It said rate-limited.',
    })
  })

  test('is any other action for ten minutes', () => {
    const leftMs = 10 * MINUTE_MS - 8_000
    expect(putOff(intentsOf('restart').sent, leftMs).phase).toBe('scheduled')
    expect(putOff(intentsOf('restart').sent, leftMs + 1)).toMatchObject({
      phase: 'failed',
      message: 'Runpod kept putting it off: It said rate-limited.',
    })
  })
})

describe('an answer', () => {
  test('that accepts leaves nothing to explain', () => {
    const unclear = withReply(intentsOf('stop').sent, failure('unreachable'), NOW, rules)
    expect(unclear.message).toBe('No clear answer, so its effect is being checked. It said unreachable.')
    expect(withReply(unclear, ok(null), NOW, rules)).toMatchObject({ phase: 'accepted', message: null })
  })

  test('that the pod is not there ends a stop in the API’s words, and a terminate needs none', () => {
    const notFound = (action: IntentAction) =>
      withReply(intentsOf(action).sent, failure('not-found'), NOW, rules)
    expect(notFound('stop')).toMatchObject({ phase: 'failed', message: 'It said not-found.' })
    expect(notFound('terminate')).toMatchObject({ phase: 'accepted', message: null })
  })

  test('that no GPU is free says so of a start alone', () => {
    const noGpu = (action: IntentAction) =>
      withReply(intentsOf(action).sent, failure('no-capacity'), NOW, rules)
    expect(noGpu('start')).toMatchObject({ message: 'It said no-capacity.', lacksGpu: true })
    expect(noGpu('restart').lacksGpu).toBe(false)
  })

  test('that the action is not valid now is disputed until a look decides', () => {
    expect(withReply(intentsOf('stop').sent, failure('conflict'), NOW, rules)).toMatchObject({
      phase: 'sent',
      isDisputed: true,
      message: 'It said conflict.',
    })
  })
})
