import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { watchConfig } from '../../../src/cli/watch/live-config'
import { emptyAccountRules } from '../../../src/core/pod-rules/pod-rules'
import { defaultSettings } from '../../../src/core/settings/settings'

function followed() {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-live-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'config.json')
  const told: string[] = []
  const live = watchConfig(path, [], (text) => told.push(text))
  const write = (config: unknown): void =>
    writeFileSync(path, typeof config === 'string' ? config : JSON.stringify(config))
  return { live, write, told }
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
  const { live, write, told } = followed()
  write({ guards, settings: { undoS: 8 } })
  expect(live.accountRules.load('one').autoStop).toBe('ticked')
  write('{"guards":')
  expect(live.accountRules.load('one')).toEqual(emptyAccountRules)
  expect(live.settings().undoS).toBe(8)
  expect(told).toEqual([expect.stringContaining('no pod is stopped by itself until it can')])
  write({ guards })
  expect(live.accountRules.load('one').autoStop).toBe('ticked')
})

test('the rules of pods can be written only by the app', () => {
  expect(followed().live.accountRules.save('one', emptyAccountRules)).toMatchObject({ ok: false })
})
