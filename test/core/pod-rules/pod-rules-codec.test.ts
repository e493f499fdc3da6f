import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyGuard } from '../../../src/core/pod-rules/pod-rules'
import { parseGuard, withGuard } from '../../../src/core/pod-rules/pod-rules-codec'

const whole = {
  autoStop: 'ticked',
  pods: {
    a: {
      isAutoStopped: true,
      idleAlertAfterMin: 5,
      autoStopAfterMin: 90,
      maxHours: 10,
      atMaxHours: 'terminate',
      monthlyBudgetUsd: 20,
      atBudget: 'stop',
      mayLoseData: true,
      keepOn: { sinceMs: 1, untilMs: null },
    },
  },
} as const

describe('what a person told the guard', () => {
  test('is read back as it was written', () => {
    expect(parseGuard(withGuard({}, 'one', whole), 'one')).toEqual({ guard: whole, problems: [] })
  })

  test('of one account is never that of another', () => {
    expect(parseGuard(withGuard({}, 'one', whole), 'two')).toEqual({ guard: emptyGuard, problems: [] })
    const both = withGuard(withGuard({}, 'one', whole), 'two', { autoStop: 'all', pods: {} })
    expect(parseGuard(both, 'one').guard).toEqual(whole)
    expect(parseGuard(both, 'two').guard).toEqual({ autoStop: 'all', pods: {} })
  })

  test('keeps what this version does not know, of the account, of a pod, and beside them', () => {
    const given = {
      other: { autoStop: 'new-mode' },
      one: {
        autoStop: 'all',
        schedule: [1],
        pods: { a: { isAutoStopped: true, colour: 'red' }, b: { note: 'x' } },
      },
    }
    const written = withGuard(given, 'one', { autoStop: 'ticked', pods: { a: { maxHours: 3 } } })
    expect(written).toEqual({
      other: { autoStop: 'new-mode' },
      one: {
        autoStop: 'ticked',
        schedule: [1],
        pods: { a: { colour: 'red', maxHours: 3 }, b: { note: 'x' } },
      },
    })
  })

  test('that makes no sense takes nothing else with it, is named, and is taken in the sense that stops nothing', () => {
    const { guard, problems } = parseGuard(
      {
        one: {
          autoStop: 'everything',
          pods: {
            a: {
              isAutoStopped: 'yes',
              idleAlertAfterMin: -1,
              autoStopAfterMin: 'soon',
              maxHours: 0,
              atMaxHours: 'explode',
              mayLoseData: 1,
              keepOn: 'always',
            },
            b: { isAutoStopped: true },
            c: 7,
          },
        },
      },
      'one',
    )
    expect(guard.autoStop).toBe('undecided')
    expect(guard.pods['a']).toMatchObject({
      isAutoStopped: false,
      atMaxHours: 'stop',
      mayLoseData: false,
      keepOn: { untilMs: null },
    })
    expect(guard.pods['a']).not.toHaveProperty('maxHours')
    expect(guard.pods['b']).toEqual({ isAutoStopped: true })
    expect(problems).toEqual([expect.stringContaining('Which pods'), expect.stringContaining('pod a')])
  })

  test('comes from a file that may hold anything', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (guards, accountId) => {
        const { guard } = parseGuard(guards, accountId)
        const again = parseGuard(withGuard(guards, accountId, guard), accountId)
        expect(again.guard).toEqual(guard)
        expect(again.problems).toEqual([])
      }),
    )
  })

  test.each(['__proto__', 'constructor', 'toString'])('may be of a pod called “%s”', (id) => {
    const guard = { autoStop: 'ticked', pods: Object.fromEntries([[id, { isAutoStopped: true }]]) } as const
    const { guard: read } = parseGuard(
      JSON.parse(JSON.stringify(withGuard({}, id, guard))) as Record<string, unknown>,
      id,
    )
    expect(Object.entries(read.pods)).toEqual([[id, { isAutoStopped: true }]])
    expect(parseGuard({}, id).guard).toEqual(emptyGuard)
  })
})
