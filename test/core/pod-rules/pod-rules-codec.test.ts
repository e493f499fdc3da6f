import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyAccountRules } from '../../../src/core/pod-rules/pod-rules'
import { parseAccountRules, withAccountRules } from '../../../src/core/pod-rules/pod-rules-codec'

const whole = {
  autoStop: 'ticked',
  newPodGuard: { wish: 'stop', sinceMs: 7 },
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
      isLowCpuIdle: true,
      keepOn: { sinceMs: 1, untilMs: null },
      podGuard: 'report',
      isPodGuardProven: true,
      isPodGuardRemoved: true,
    },
  },
} as const

describe('a stored rule', () => {
  test('is read back unchanged', () => {
    expect(parseAccountRules(withAccountRules({}, 'one', whole), 'one')).toEqual({
      rules: whole,
      problems: [],
    })
  })

  test('that new pods get a guard is removed with it, and reported where it can’t be read', () => {
    const { newPodGuard: _removed, ...others } = whole
    expect(parseAccountRules(withAccountRules({ one: whole }, 'one', others), 'one').rules).toEqual(others)
    const stored = { one: { ...whole, newPodGuard: { wish: 'terminate', sinceMs: 7 } } }
    expect(parseAccountRules(stored, 'one')).toEqual({
      rules: others,
      problems: [expect.stringContaining('whether new pods get a guard')],
    })
  })

  test('of one account never applies to another', () => {
    expect(parseAccountRules(withAccountRules({}, 'one', whole), 'two')).toEqual({
      rules: emptyAccountRules,
      problems: [],
    })
    const both = withAccountRules(withAccountRules({}, 'one', whole), 'two', { autoStop: 'all', pods: {} })
    expect(parseAccountRules(both, 'one').rules).toEqual(whole)
    expect(parseAccountRules(both, 'two').rules).toEqual({ autoStop: 'all', pods: {} })
  })

  test('is written without losing unknown fields of the account, of a pod, and next to them', () => {
    const given = {
      other: { autoStop: 'new-mode' },
      one: {
        autoStop: 'all',
        schedule: [1],
        pods: { a: { isAutoStopped: true, colour: 'red' }, b: { note: 'x' } },
      },
    }
    const written = withAccountRules(given, 'one', { autoStop: 'ticked', pods: { a: { maxHours: 3 } } })
    expect(written).toEqual({
      other: { autoStop: 'new-mode' },
      one: {
        autoStop: 'ticked',
        schedule: [1],
        pods: { a: { colour: 'red', maxHours: 3 }, b: { note: 'x' } },
      },
    })
  })

  test('that is invalid affects no other, is reported, and falls back to the choice that stops nothing', () => {
    const { rules, problems } = parseAccountRules(
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
              isLowCpuIdle: 'true',
              keepOn: 'always',
            },
            b: { isAutoStopped: true },
            c: 7,
          },
        },
      },
      'one',
    )
    expect(rules.autoStop).toBe('undecided')
    expect(rules.pods['a']).toMatchObject({
      isAutoStopped: false,
      atMaxHours: 'stop',
      mayLoseData: false,
      isLowCpuIdle: false,
      keepOn: { untilMs: null },
    })
    expect(rules.pods['a']).not.toHaveProperty('maxHours')
    expect(rules.pods['b']).toEqual({ isAutoStopped: true })
    expect(problems).toEqual([expect.stringContaining('which pods'), expect.stringContaining('pod a')])
  })

  test('is read safely from a file with any content', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (guards, accountId) => {
        const { rules } = parseAccountRules(guards, accountId)
        const again = parseAccountRules(withAccountRules(guards, accountId, rules), accountId)
        expect(again.rules).toEqual(rules)
        expect(again.problems).toEqual([])
      }),
    )
  })

  test.each(['__proto__', 'constructor', 'toString'])('may belong to a pod called “%s”', (id) => {
    const guard = { autoStop: 'ticked', pods: Object.fromEntries([[id, { isAutoStopped: true }]]) } as const
    const { rules: read } = parseAccountRules(
      JSON.parse(JSON.stringify(withAccountRules({}, id, guard))) as Record<string, unknown>,
      id,
    )
    expect(Object.entries(read.pods)).toEqual([[id, { isAutoStopped: true }]])
    expect(parseAccountRules({}, id).rules).toEqual(emptyAccountRules)
  })
})
