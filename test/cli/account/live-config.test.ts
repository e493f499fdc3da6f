import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLiveConfig } from '../../../src/cli/account/live-config'
import { fail, ok } from '../../../src/core/base/result'
import { emptyAccountRules } from '../../../src/core/pod-rules/pod-rules'
import { defaultSettings } from '../../../src/core/settings/settings'

function followed() {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-live-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'config.json')
  writeFileSync(join(folder, 'format.json'), '{"version":2}')
  const told: string[] = []
  const role = { mayWrite: true }
  const clock = { aheadMs: 0 }
  const live = openLiveConfig({
    folder,
    nowMs: () => Date.now() + clock.aheadMs,
    mayWrite: () => (role.mayWrite ? ok(undefined) : fail('The app acts for this account.')),
    reportedProblems: [],
    report: (text) => told.push(text),
  })
  const write = (config: unknown): void =>
    writeFileSync(path, typeof config === 'string' ? config : JSON.stringify(config))
  const json = (): Record<string, unknown> => JSON.parse(readFileSync(path, 'utf8'))
  return { live, write, told, role, json, path, clock }
}
const guards = { one: { autoStop: 'ticked', pods: { a: { isAutoStopped: true } } } }

test('defaults apply without a file, and nothing is auto-stopped', () => {
  const { live, told } = followed()
  expect(live.settings()).toEqual(defaultSettings)
  expect(live.accountRules.load('one')).toEqual(emptyAccountRules)
  expect(told).toEqual([])
})

test('changes made by the app while a watch runs take effect: the switch, and a pod that is kept on', () => {
  const { live, write } = followed()
  write({ guards })
  expect(live.accountRules.load('one')).toEqual(guards.one)
  expect(live.settings().areAutoStopsPaused).toBe(false)
  const keepOn = { sinceMs: 1, untilMs: null }
  write({
    settings: { areAutoStopsPaused: true },
    guards: { one: { autoStop: 'ticked', pods: { a: { isAutoStopped: true, keepOn } } } },
  })
  expect(live.settings().areAutoStopsPaused).toBe(true)
  expect(live.accountRules.load('one').pods['a']?.keepOn).toEqual(keepOn)
})

test('an invalid file is reported once and disables auto-stop until it is valid', () => {
  const { live, write, told, clock } = followed()
  write({ guards, settings: { undoS: 8 } })
  expect(live.accountRules.load('one').autoStop).toBe('ticked')
  write('{"guards":')
  clock.aheadMs = 2_500
  expect(live.accountRules.load('one')).toEqual(emptyAccountRules)
  expect(live.settings().undoS).toBe(8)
  expect(told).toEqual([expect.stringContaining('no pod is stopped automatically until it can')])
  write({ guards })
  expect(live.accountRules.load('one').autoStop).toBe('ticked')
})

test('a file that is written in two halves changes nothing in between', () => {
  const { live, write, told, path } = followed()
  write({ guards, settings: { undoS: 8 } })
  const before = { rules: live.accountRules.load('one'), settings: live.settings() }
  const text = JSON.stringify({ guards: { one: { autoStop: 'all', pods: {} } }, settings: { undoS: 9 } })
  for (let written = 0; written < text.length; written++) {
    writeFileSync(path, text.slice(0, written))
    expect({ rules: live.accountRules.load('one'), settings: live.settings() }).toEqual(before)
  }
  write(text)
  expect(live.accountRules.load('one').autoStop).toBe('all')
  expect(live.settings().undoS).toBe(9)
  expect(told).toEqual([])
})

test('a file that another one replaces is waited for; one that stays away leaves the defaults', () => {
  const { live, write, told, path, clock } = followed()
  write({ guards, settings: { undoS: 8 } })
  expect(live.accountRules.load('one')).toEqual(guards.one)
  rmSync(path)
  expect(live.accountRules.load('one')).toEqual(guards.one)
  expect(live.settings().undoS).toBe(8)
  write({ guards, settings: { undoS: 9 } })
  expect(live.settings().undoS).toBe(9)
  rmSync(path)
  expect(live.accountRules.load('one')).toEqual(guards.one)
  clock.aheadMs = 2_500
  expect(live.accountRules.load('one')).toEqual(emptyAccountRules)
  expect(live.settings()).toEqual(defaultSettings)
  expect(told).toEqual([])
})

test('a file that is half written at the start is waited for, and nothing is auto-stopped meanwhile', () => {
  const { live, write, told, clock } = followed()
  write('{"guards":')
  expect(live.accountRules.load('one')).toEqual(emptyAccountRules)
  expect(told).toEqual([])
  write({ guards })
  expect(live.accountRules.load('one')).toEqual(guards.one)
  write('{"guards":')
  expect(live.accountRules.load('one')).toEqual(guards.one)
  clock.aheadMs = 2_500
  expect(live.accountRules.load('one')).toEqual(emptyAccountRules)
  expect(told).toEqual([expect.stringContaining('no pod is stopped automatically until it can')])
})

test('what a watch writes leaves the rest of the file, and what this version does not know', () => {
  const { live, write, json } = followed()
  const other = { autoStop: 'all', pods: {}, ofTheFuture: 1 }
  write({ settings: { undoS: 8, ofTheFuture: 2 }, accounts: [], guards: { other }, note: 'mine' })
  expect(live.changeSettings({ pollIdleS: 90 })).toEqual(ok(undefined))
  expect(live.settings()).toMatchObject({ undoS: 8, pollIdleS: 90 })
  const tick = live.accountRules.update('one', (rules) => ({
    ...rules,
    autoStop: 'ticked',
    pods: { a: { maxHours: 5 } },
  }))
  expect(tick).toEqual(ok(undefined))
  expect(live.accountRules.load('one').pods['a']).toEqual({ maxHours: 5 })
  expect(json()).toMatchObject({
    settings: { undoS: 8, ofTheFuture: 2, pollIdleS: 90 },
    guards: { other, one: { autoStop: 'ticked', pods: { a: { maxHours: 5 } } } },
    note: 'mine',
  })
})

test('a change is made of the rules as another program left them', () => {
  const { live, write } = followed()
  write({ guards })
  expect(live.accountRules.load('one')).toEqual(guards.one)
  write({ guards: { one: { autoStop: 'all', pods: { b: { maxHours: 1 } } } } })
  live.accountRules.update('one', (rules) => ({ ...rules, pods: { ...rules.pods, c: { maxHours: 2 } } }))
  expect(live.accountRules.load('one')).toEqual({
    autoStop: 'all',
    pods: { b: { maxHours: 1 }, c: { maxHours: 2 } },
  })
})

test('a process that does not act writes nothing, and neither does one that cannot read the file', () => {
  const { live, write, role, json, path } = followed()
  write({ settings: { undoS: 8 } })
  role.mayWrite = false
  expect(live.changeSettings({ undoS: 9 })).toMatchObject({
    error: [{ reason: 'Not changed: The app acts for this account.' }],
  })
  role.mayWrite = true
  expect(live.changeSettings({ undoS: 0 })).toMatchObject({ error: [{ name: 'undoS' }] })
  expect(json()).toEqual({ settings: { undoS: 8 } })
  writeFileSync(path, '{"settings":')
  expect(live.accountRules.update('one', (rules) => rules)).toMatchObject({
    error: 'config.json could not be written (it is damaged)',
  })
  expect(readFileSync(path, 'utf8')).toBe('{"settings":')
  expect(readdirSync(join(path, '..'))).toEqual(['config.json', 'format.json'])
})

test('rules are parsed once for each content of the file, however many pods ask for them', () => {
  const { live, write } = followed()
  write({ guards })
  const rules = live.accountRules.load('one')
  expect(live.accountRules.load('one')).toBe(rules)
  expect(live.accountRules.load('two')).toEqual(emptyAccountRules)
  write({ guards: { one: { autoStop: 'ticked', pods: { a: { isAutoStopped: false } } } } })
  expect(live.accountRules.load('one').pods['a']?.isAutoStopped).toBe(false)
})
