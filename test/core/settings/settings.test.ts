import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alertToggles } from '../../../src/core/alerts/alert-switches'
import { defaultIntentRules } from '../../../src/core/intents/intent-rules'
import { defaultActivityRules } from '../../../src/core/idle/sample'
import { alertKinds } from '../../../src/core/alerts/alert'
import { type NumberSetting, settingGroups } from '../../../src/core/settings/definitions/setting-types'
import {
  defaultSettings,
  settingList,
  settingNames,
} from '../../../src/core/settings/definitions/setting-list'
import { settingsBlocks } from '../../../src/core/settings/search-settings'
import { settingRules } from '../../../src/core/settings/setting-rules'
import {
  activityRulesOf,
  changeSettings,
  intentRulesOf,
  parseSettings,
  type SettingName,
  settingProblem,
  type Settings,
} from '../../../src/core/settings/settings'

const numbers = settingNames.filter((name) => settingList[name].kind === 'number')
const numberSetting = (name: SettingName) => settingList[name] as NumberSetting
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

describe.each(numbers)('the setting %s', (name) => {
  const { min, max } = numberSetting(name)

  test('has a valid default, and its bounds are valid', () => {
    for (const value of [numberSetting(name).default, min, max])
      expect(settingProblem(name, value)).toBeNull()
  })

  test('is rejected just outside of its bounds', () => {
    for (const value of [min - 0.001, max + 0.001])
      expect(settingProblem(name, value)).toMatch(
        /^must be between [\d.,]+( (second|minute|hour)s?|%)? and [\d.,]+(%|( MB| (second|minute|hour|day|point|pixel|line)s?)| per hour)$/,
      )
  })

  // Zero is a valid choice for `bootMin`; for every other setting it would violate a rule.
  const refused = name === 'bootMin' ? nonsense.slice(1) : nonsense
  test.each(refused)('is rejected with a reason, and its default used, when it is %o', (value) => {
    const { settings, problems } = parseSettings({ [name]: value })
    expect(settings).toEqual(defaultSettings)
    expect(problems).toEqual([expect.stringContaining(`${name} must be `)])
  })
})

describe('the defaults are the product’s numbers', () => {
  test('for polling, alerts and undo', () => {
    expect(defaultSettings).toMatchObject({
      pollActiveS: 15,
      pollIdleS: 60,
      keyRetryS: 300,
      idleAlertAfterMin: 15,
      idleAlertEveryMin: 120,
      undoS: 5,
      stopDeadlineS: 120,
      startDeadlineMin: 15,
      theme: 'system',
      isLaunchedAtLogin: false,
      globalShortcut: null,
      runpodBaseUrl: null,
    })
  })

  test('for activity and actions', () => {
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

  test('and include every setting', () => {
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

  test('and are consistent', () => {
    for (const rule of settingRules) expect(rule.problem(defaultSettings)).toBeNull()
  })
})

describe('every setting', () => {
  test.each(settingNames)(
    '%s has a label of one to four words, one line of help and a group of the page',
    (name) => {
      const { label, help, group } = settingList[name]
      expect(label).toMatch(/^\S{3,}( \S+){0,3}$/)
      expect(help).toMatch(/^.{10,95}[^.]$/)
      expect(Object.keys(settingGroups)).toContain(group)
    },
  )

  test('is in exactly one row of the page', () => {
    const shown = settingsBlocks.flatMap(({ items }) =>
      items.flatMap((item) => (item.kind === 'row' ? item.row.names : [])),
    )
    expect(shown.sort()).toEqual([...settingNames].sort())
  })

  test('has a label of its own', () => {
    const labels = settingNames.map((name) => settingList[name].label)
    expect(new Set(labels).size).toBe(labels.length)
  })
})

describe('a settings file', () => {
  test('that is empty gives the defaults', () => {
    expect(parseSettings({})).toEqual({ settings: defaultSettings, problems: [] })
  })

  test('with one invalid value keeps the valid ones, and reports the invalid one and its replacement', () => {
    const { settings, problems } = parseSettings({ pollActiveS: 20, pollIdleS: -5, future: 'yes' })
    expect(settings).toEqual({ ...defaultSettings, pollActiveS: 20 })
    expect(problems).toEqual(['pollIdleS must be between 1 second and 1 hour; 60 is used instead.'])
  })

  test.each([
    ['runpodBaseUrl', 'http://127.0.0.1:8080/v2', null],
    ['runpodBaseUrl', 'https://api.example.com', null],
    ['runpodBaseUrl', null, null],
    ['runpodBaseUrl', 7, 'must be text'],
    ['runpodBaseUrl', '', 'must begin with https://'],
    ['runpodBaseUrl', 'ftp://x', 'must begin with https://'],
    ['runpodBaseUrl', 'http://api.example.com', 'must begin with https://, or be on this computer'],
    ['runpodBaseUrl', 'http://127.0.0.1.example.com', 'must begin with https://, or be on this computer'],
    ['runpodBaseUrl', 'https://user@example.com', 'must have no “?”, “#” or user name in it'],
    ['runpodBaseUrl', 'https://', 'must be a whole address, such as https://api.example.com/v2'],
    ['theme', 'light', null],
    ['theme', 'sepia', 'must be one of system, light, dark'],
    ['theme', 'toString', 'must be one of system, light, dark'],
    ['theme', null, 'must be one of system, light, dark'],
    ['isLaunchedAtLogin', true, null],
    ['isLaunchedAtLogin', 'yes', 'must be true or false'],
    ['globalShortcut', 'Ctrl+Alt+P', null],
    ['globalShortcut', 'P', expect.stringContaining('must include Ctrl')],
  ] as const)('that sets %s to %o is validated', (name, value, problem) => {
    expect(settingProblem(name, value)).toEqual(problem)
  })

  test.each([
    ['$1,000', '1000'],
    ['49,50 USD', '49.5'],
    ['600', '600'],
    [null, null],
    [undefined, null],
  ])('that sets an amount to %o stores %o', (typed, stored) => {
    const changed = changeSettings({ ...defaultSettings, monthlyBudgetUsd: '7' }, { monthlyBudgetUsd: typed })
    expect(changed.ok && changed.value.monthlyBudgetUsd).toBe(stored)
  })

  test('whose values are inconsistent is repaired, and says how', () => {
    const { settings, problems } = parseSettings({ idleAlertAfterMin: 180 })
    expect(settings).toMatchObject({ idleAlertAfterMin: 180, idleAlertEveryMin: 180 })
    expect(problems).toEqual([expect.stringContaining('Used instead: idleAlertEveryMin 180')])
    // Otherwise no pod would ever be idle, because every poll would end the episode.
    expect(parseSettings({ pollActiveS: 600, gapMin: 5 }).settings.pollActiveS).toBe(150)
    expect(parseSettings({ busyAtPercent: 2 }).settings.quietCpuPercent).toBe(2)
  })

  test('of any content gives settings that are valid, alone and together, and reports what it left out', () => {
    const plausible = fc.dictionary(
      fc.constantFrom(...settingNames),
      fc.oneof(fc.double(), fc.double({ min: 0, max: 4_000, noNaN: true }), fc.jsonValue()),
    )
    const anything = fc.dictionary(fc.string(), fc.jsonValue())
    fc.assert(
      fc.property(fc.oneof(plausible, anything), (given) => {
        const { settings, problems } = parseSettings(given)
        expect(Object.keys(settings).sort()).toEqual([...settingNames].sort())
        for (const name of settingNames) {
          expect(settingProblem(name, settings[name])).toBeNull()
          const isLeftOut = Object.hasOwn(given, name) && !Object.is(settings[name], given[name])
          if (isLeftOut) expect(problems.join()).toContain(name)
        }
        for (const rule of settingRules) expect(rule.problem(settings)).toBeNull()
        expect(parseSettings(settings)).toEqual({ settings, problems: [] })
      }),
      { numRuns: 500 },
    )
  })
})

describe('a change', () => {
  const changed = (changes: Record<string, unknown>, current: Settings = defaultSettings) =>
    changeSettings(current, changes)

  test('that is valid applies, and the rest stays', () => {
    expect(changed({ undoS: 8 })).toEqual({ ok: true, value: { ...defaultSettings, undoS: 8 } })
  })

  test('back to the default stores no value', () => {
    expect(changed({ undoS: undefined }, { ...defaultSettings, undoS: 8 })).toEqual({
      ok: true,
      value: defaultSettings,
    })
  })

  test('is rejected as a whole when one of its values is invalid', () => {
    expect(changed({ undoS: 8, pollIdleS: 0, hue: 3 })).toEqual({
      ok: false,
      error: [
        { name: 'pollIdleS', reason: 'This must be between 1 second and 1 hour.' },
        { name: 'hue', reason: 'There is no such setting.' },
      ],
    })
  })

  test('is rejected for the changed setting when it conflicts with another', () => {
    expect(changed({ idleAlertAfterMin: 121 })).toMatchObject({
      ok: false,
      error: [{ name: 'idleAlertAfterMin', reason: expect.stringContaining('(2 hours)') }],
    })
    expect(changed({ idleAlertAfterMin: 121, idleAlertEveryMin: 121 })).toMatchObject({ ok: true })
  })

  test.each(['__proto__', 'constructor', 'toString'])(
    'of “%s” is rejected, because it is not a setting',
    (name) => {
      expect(changed(JSON.parse(`{"${name}":1}`) as Record<string, unknown>)).toMatchObject({ ok: false })
    },
  )
})

test('every kind of alert has its own switch, on by default, except those about Podkeeper', () => {
  const kinds = alertKinds.filter((kind) => kind !== 'app')
  const switches = kinds.map((kind) => alertToggles[kind])
  expect(new Set(switches).size).toBe(kinds.length)
  for (const name of switches) expect(settingList[name]).toMatchObject({ kind: 'toggle', default: true })
})
