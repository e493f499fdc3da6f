import { describe, expect, test } from 'vitest'
import {
  isGoneBecauseOf,
  isStartedBy,
  isStillRelevant,
  isTerminatedByRule,
} from '../../../src/core/alerts/intent-outcomes'
import type { Intent } from '../../../src/core/intents/intent'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { intentsByState, SENT_MS } from '../../harness/samples/intents'
import { instant } from '../../harness/samples/pods'

const phases = ['creating', 'running', 'stopped', 'error', 'unknown'] as const
const relevantPhases = (intent: Intent): string =>
  phases.filter((phase) => isStillRelevant(intent, phase)).join()

describe('the outcome of an action is announced', () => {
  test('until its pod is in the requested state', () => {
    expect(relevantPhases(intentsByState('stop').failed)).toBe('creating,running,error,unknown')
    expect(relevantPhases(intentsByState('start')['did-not-happen'])).toBe('creating,stopped,error,unknown')
    for (const action of ['restart', 'terminate'] as const)
      expect(relevantPhases(intentsByState(action).failed)).toBe(phases.join())
  })

  test('while the pod that got a GPU runs', () => {
    expect(relevantPhases(intentsByState('start').observed)).toBe('running')
  })
})

describe('one event is announced once:', () => {
  const ended = (intent: Intent): number => intent.phaseAt.wallMs
  const gonePod = (goneAtMs: number) => ({ id: 'pod-1', name: 'trainer', goneAtMs, how: 'vanished' }) as const

  test('a pod that got its GPU is not also announced as ready', () => {
    const got = { ...intentsByState('start').observed, waitsForGpu: true }
    expect(isStartedBy(got, ended(got) + 2 * MINUTE_MS - 1)).toBe(true)
    expect(isStartedBy(got, ended(got) + 2 * MINUTE_MS)).toBe(false)
    expect(isStartedBy(intentsByState('start').observed, ended(got))).toBe(false)
    expect(isStartedBy({ ...got, phase: 'waiting' }, ended(got))).toBe(false)
    expect(isStartedBy(undefined, 0)).toBe(false)
  })

  test('a pod that the user terminated here is not announced as gone', () => {
    const states = Object.entries(intentsByState('terminate'))
    const silent = states
      .filter(([, intent]) => isGoneBecauseOf(intent, gonePod(ended(intent))))
      .map(([state]) => state)
    expect(silent).toEqual(['scheduled', 'waiting', 'sent', 'disputed', 'accepted', 'observed'])
    const { observed } = intentsByState('terminate')
    expect(isGoneBecauseOf({ ...observed, origin: 'max-hours' }, gonePod(ended(observed)))).toBe(false)
  })

  test('a terminate explains only a disappearance after its request and near its observation', () => {
    const { observed, accepted } = intentsByState('terminate')
    const sentMs = instant(SENT_MS).wallMs
    for (const intent of [observed, accepted]) {
      expect(isGoneBecauseOf(intent, gonePod(sentMs - 30_001))).toBe(false)
      expect(isGoneBecauseOf(intent, gonePod(sentMs - 30_000))).toBe(true)
    }
    expect(isGoneBecauseOf(observed, gonePod(ended(observed) + 10 * MINUTE_MS - 1))).toBe(true)
    expect(isGoneBecauseOf(observed, gonePod(ended(observed) + 10 * MINUTE_MS))).toBe(false)
    expect(isGoneBecauseOf(accepted, gonePod(ended(accepted) + 60 * MINUTE_MS))).toBe(true)
    const byRule = { ...observed, origin: 'max-hours' } as const
    expect(isTerminatedByRule(byRule, gonePod(ended(observed) + 10 * MINUTE_MS))).toBe(false)
  })

  test('a pod that an open action found gone is announced with that action', () => {
    const { cancelled, failed, observed } = intentsByState('stop')
    expect(isGoneBecauseOf(failed, gonePod(ended(failed)))).toBe(true)
    expect(isGoneBecauseOf(failed, gonePod(ended(failed) - 30_000 + 1))).toBe(true)
    for (const goneAtMs of [ended(failed) - 30_000, ended(failed) + 1])
      expect(isGoneBecauseOf(failed, gonePod(goneAtMs))).toBe(false)
    expect(isGoneBecauseOf(cancelled, gonePod(ended(cancelled)))).toBe(false)
    expect(isGoneBecauseOf({ ...cancelled, message: 'It is gone.' }, gonePod(ended(cancelled)))).toBe(true)
    expect(isGoneBecauseOf(observed, gonePod(ended(observed)))).toBe(false)
    expect(isGoneBecauseOf(undefined, gonePod(0))).toBe(false)
  })

  test('a pod that a rule terminated is announced as terminated by the rule', () => {
    const { observed, failed, 'did-not-happen': unhappened } = intentsByState('terminate')
    const byRule = (intent: Intent): Intent => ({ ...intent, origin: 'max-hours' })
    const isByRule = (intent: Intent | undefined): boolean =>
      isTerminatedByRule(intent, gonePod(intent === undefined ? 0 : ended(intent)))
    expect(isByRule(byRule(observed))).toBe(true)
    expect([observed, byRule(failed), byRule(unhappened), undefined].map(isByRule)).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})
