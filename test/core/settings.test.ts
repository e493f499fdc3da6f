import { describe, expect, test } from 'vitest'
import type { NumberSettingName } from '../../src/core/settings'
import {
  activityRulesOf,
  defaultSettings,
  intentRulesOf,
  numberProblem,
  numberSettings,
  parseSettings,
} from '../../src/core/settings'
import { defaultIntentRules } from '../../src/core/intents'
import { defaultActivityRules } from '../../src/core/sample'

const names = Object.keys(numberSettings) as NumberSettingName[]
const nonsense: unknown[] = [
  0,
  -1,
  -0.000_1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e12,
  '15',
  '',
  null,
  true,
  [],
  {},
]

describe.each(names)('%s', (name) => {
  test('has a default that is allowed', () => {
    expect(numberProblem(name, numberSettings[name].default)).toBeNull()
    expect(defaultSettings[name]).toBe(numberSettings[name].default)
  })

  test('is kept as it is given within its bounds', () => {
    for (const value of [numberSettings[name].min, numberSettings[name].max])
      expect(parseSettings({ [name]: value })).toEqual({
        settings: { ...defaultSettings, [name]: value },
        problems: [],
      })
  })

  // A container whose first minutes count is a choice; every other zero would break a rule.
  const refused = name === 'bootMin' ? nonsense.slice(1) : nonsense
  test.each(refused)('is refused with a reason, and its default taken, when it is %o', (value) => {
    const { settings, problems } = parseSettings({ [name]: value })
    expect(settings).toEqual(defaultSettings)
    expect(problems).toEqual([expect.stringContaining(name)])
    expect(numberProblem(name, value)).toBe(problems[0])
  })
})

describe('the defaults are the product’s numbers', () => {
  test('of polling, alerts and undo', () => {
    expect(defaultSettings).toMatchObject({
      pollActiveS: 15,
      pollIdleS: 60,
      keyRetryS: 300,
      idleAlertAfterMin: 15,
      idleAlertEveryMin: 120,
      undoS: 5,
      stopDeadlineS: 120,
      startDeadlineMin: 15,
    })
  })

  test('of activity and of actions', () => {
    expect(activityRulesOf(defaultSettings)).toEqual(defaultActivityRules)
    expect(intentRulesOf(defaultSettings)).toEqual(defaultIntentRules)
    expect(defaultActivityRules).toMatchObject({
      busyAtPercent: 5,
      gapMs: 300_000,
      bootMs: 600_000,
      clockToleranceMs: 30_000,
      quietCpuPercent: 3,
      stillMemoryPoints: 2,
    })
  })

  test('and every one that is set counts', () => {
    const { settings } = parseSettings({
      gapMin: 2,
      bootMin: 3,
      clockToleranceS: 4,
      busyAtPercent: 6,
      undoS: 7,
    })
    expect(activityRulesOf(settings)).toMatchObject({
      gapMs: 120_000,
      bootMs: 180_000,
      clockToleranceMs: 4_000,
      busyAtPercent: 6,
    })
    expect(intentRulesOf(settings).undoMs).toBe(7_000)
  })
})

describe('a settings file', () => {
  test.each([undefined, null, {}])('that holds nothing (%o) gives the defaults', (value) => {
    expect(parseSettings(value)).toEqual({ settings: defaultSettings, problems: [] })
  })

  test.each([[[1]], ['text'], [7]])('that holds no object (%o) says so', (value) => {
    expect(parseSettings(value).settings).toEqual(defaultSettings)
    expect(parseSettings(value).problems).toHaveLength(1)
  })

  test('with one bad value keeps the good ones, and names the bad', () => {
    const { settings, problems } = parseSettings({ pollActiveS: 20, pollIdleS: -5, future: 'yes' })
    expect(settings).toEqual({ ...defaultSettings, pollActiveS: 20 })
    expect(problems).toEqual(['pollIdleS must be between 1 and 3600.'])
  })

  test('may name another base URL', () => {
    const base = (runpodBaseUrl: unknown) => parseSettings({ runpodBaseUrl })
    expect(base('http://127.0.0.1:8080').settings.runpodBaseUrl).toBe('http://127.0.0.1:8080')
    for (const none of [null, '', undefined]) expect(base(none).settings.runpodBaseUrl).toBeNull()
    expect(base(7).problems).toEqual(['runpodBaseUrl must be a text.'])
  })
})
