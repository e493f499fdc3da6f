import { describe, expect, test } from 'vitest'
import {
  isGoneBy,
  isStartOf,
  isStillNews,
  isTerminatedByRule,
} from '../../../src/core/alerts/intent-outcomes'
import type { Intent } from '../../../src/core/intents/intent'
import { MINUTE_MS } from '../../../src/core/base/time'
import { intentsOf } from '../../harness/intents'

const phases = ['creating', 'running', 'stopped', 'error', 'unknown'] as const
const newsWhile = (intent: Intent): string => phases.filter((phase) => isStillNews(intent, phase)).join()

describe('what became of an action is news', () => {
  test('as long as its pod is not as it was asked to be', () => {
    expect(newsWhile(intentsOf('stop').failed)).toBe('creating,running,error,unknown')
    expect(newsWhile(intentsOf('start')['did-not-happen'])).toBe('creating,stopped,error,unknown')
    for (const action of ['restart', 'terminate'] as const)
      expect(newsWhile(intentsOf(action).failed)).toBe(phases.join())
  })

  test('while it runs, of a pod that got a GPU', () => {
    expect(newsWhile(intentsOf('start').observed)).toBe('running')
  })
})

describe('one event is told once', () => {
  const ended = (intent: Intent): number => intent.phaseAt.wallMs
  const grave = (goneAtMs: number) => ({ id: 'pod-1', name: 'trainer', goneAtMs, how: 'vanished' }) as const

  test('a pod that got its GPU is not also called ready', () => {
    const got = { ...intentsOf('start').observed, waitsForGpu: true }
    expect(isStartOf(got, ended(got) + 2 * MINUTE_MS - 1)).toBe(true)
    expect(isStartOf(got, ended(got) + 2 * MINUTE_MS)).toBe(false)
    expect(isStartOf(intentsOf('start').observed, ended(got))).toBe(false)
    expect(isStartOf({ ...got, phase: 'waiting' }, ended(got))).toBe(false)
    expect(isStartOf(undefined, 0)).toBe(false)
  })

  test('a pod that a person terminated here is not called gone', () => {
    const states = Object.entries(intentsOf('terminate'))
    const silent = states.filter(([, intent]) => isGoneBy(intent, grave(0))).map(([state]) => state)
    expect(silent).toEqual(states.map(([state]) => state).filter((s) => !['cancelled', 'failed'].includes(s)))
    expect(isGoneBy({ ...intentsOf('terminate').observed, origin: 'max-hours' }, grave(0))).toBe(false)
  })

  test('a pod that an open action found gone is told of with that action', () => {
    const { cancelled, failed, observed } = intentsOf('stop')
    expect(isGoneBy(failed, grave(ended(failed)))).toBe(true)
    expect(isGoneBy(failed, grave(ended(failed) - 30_000 + 1))).toBe(true)
    for (const goneAtMs of [ended(failed) - 30_000, ended(failed) + 1])
      expect(isGoneBy(failed, grave(goneAtMs))).toBe(false)
    expect(isGoneBy(cancelled, grave(ended(cancelled)))).toBe(false)
    expect(isGoneBy({ ...cancelled, message: 'It is gone.' }, grave(ended(cancelled)))).toBe(true)
    expect(isGoneBy(observed, grave(ended(observed)))).toBe(false)
    expect(isGoneBy(undefined, grave(0))).toBe(false)
  })

  test('a pod that a rule terminated is told of as that', () => {
    const { observed, failed } = intentsOf('terminate')
    expect(isTerminatedByRule({ ...observed, origin: 'max-hours' })).toBe(true)
    expect(
      [observed, { ...failed, origin: 'max-hours' } as const, undefined].map(isTerminatedByRule),
    ).toEqual([false, false, false])
  })
})
