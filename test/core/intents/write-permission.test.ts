import { describe, expect, test } from 'vitest'
import {
  isRefusalLifted,
  unknownPermission,
  withIntentChange,
  type WritePermission,
} from '../../../src/core/intents/write-permission'
import type { Intent } from '../../../src/core/intents/intent'
import { type IntentState, intentsByState } from '../../harness/samples/intents'
import { instant } from '../../harness/samples/pods'

const states = intentsByState('stop')
const after = (...changes: readonly [Intent, number][]): WritePermission =>
  changes.reduce(
    (permission, [intent, ms]) => withIntentChange(permission, intent, instant(ms)),
    unknownPermission,
  )
const noGpu: Intent = { ...states.failed, refusal: 'other', lacksGpu: true }

describe('the key probably may only read', () => {
  test('while every action was refused, since the first refusal', () => {
    expect(after([states.failed, 10_000], [states.failed, 20_000])).toEqual({
      refusedSince: instant(10_000),
      provenAt: null,
    })
  })

  test.each<[string, Intent]>([
    ['accepted', states.accepted],
    ['observed', states.observed],
    ['refused because of the state of its pod', states.disputed],
    ['refused because no GPU is free', noGpu],
  ])('no longer once an action was %s, and later refusals mean their pod only', (_, proof) => {
    const proven = { refusedSince: null, provenAt: instant(20_000) }
    expect(after([states.failed, 10_000], [proof, 20_000])).toEqual(proven)
    expect(after([proof, 20_000], [states.failed, 30_000], [proof, 40_000])).toEqual(proven)
  })

  test.each<IntentState>(['scheduled', 'waiting', 'sent', 'cancelled', 'did-not-happen'])(
    'is not said of a key whose action is %s',
    (state) => {
      expect(after([states[state], 10_000])).toEqual(unknownPermission)
    },
  )

  test('is not said because of an action of an earlier run, perhaps with another key', () => {
    const nextRun = instant(10_000, { runId: 'run-2' })
    for (const intent of [states.failed, states.observed])
      expect(withIntentChange(unknownPermission, intent, nextRun)).toEqual(unknownPermission)
  })
})

test('a refusal is lifted by a later proof only', () => {
  const provenAt = (ms: number): WritePermission => ({ refusedSince: null, provenAt: instant(ms) })
  expect(isRefusalLifted(provenAt(6_001), states.failed)).toBe(true)
  expect(isRefusalLifted(provenAt(6_000), states.failed)).toBe(false)
  expect(isRefusalLifted(unknownPermission, states.failed)).toBe(false)
  expect(isRefusalLifted(provenAt(6_001), { ...states.failed, refusal: 'other' })).toBe(false)
  const earlier: Intent = { ...states.failed, phaseAt: instant(9_000, { runId: 'run-0' }) }
  expect(isRefusalLifted(provenAt(6_000), earlier)).toBe(true)
})
