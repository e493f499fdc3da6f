import { expect, test } from 'vitest'
import { defaultSettings, type Settings } from '../../../src/core/settings/settings'
import { settingEntries } from '../../../src/core/audit-log/settings-audit'

test.each<[Partial<Settings>, string]>([
  [{ areAutoStopsPaused: true }, 'Automatic stops are paused.'],
  [{ isAutoStopDryRun: true }, 'Auto-stop is in dry-run mode: stops are recorded but not carried out.'],
  [{ mayStopUnheard: true }, 'Pods may be stopped automatically even if their warnings were not delivered.'],
  [{ autoStopAfterMin: 120 }, 'Quiet pods are stopped after 2 h.'],
])('%j affects the guard, so it is logged', (change, text) => {
  const changed = { ...defaultSettings, ...change }
  expect(settingEntries(changed, defaultSettings, 5)).toMatchObject([{ atMs: 5, kind: 'rule', text }])
  expect(settingEntries(defaultSettings, changed, 5)).toHaveLength(1)
})

test('other settings are not logged', () => {
  expect(settingEntries({ ...defaultSettings, theme: 'dark', undoS: 9 }, defaultSettings, 5)).toEqual([])
})
