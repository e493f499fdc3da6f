import type { AuditEntry } from './audit-log'
import { formatDuration } from '../base/text/format'
import type { Settings } from '../settings/settings'
import { MINUTE_MS } from '../base/time/time'

type SettingTexts = { readonly [K in keyof Settings]?: (value: Settings[K]) => string }

/** Settings that affect the guard are logged; settings of appearance are not. */
const settingTexts: SettingTexts = {
  areAutoStopsPaused: (is) => (is ? 'Automatic stops are paused.' : 'Automatic stops are no longer paused.'),
  isAutoStopDryRun: (is) =>
    is
      ? 'Auto-stop is in dry-run mode: stops are recorded but not carried out.'
      : 'Auto-stop is no longer in dry-run mode.',
  mayStopUnheard: (is) =>
    is
      ? 'Pods may be stopped automatically even if their warnings were not delivered.'
      : 'No pod is stopped automatically without delivered warnings.',
  autoStopAfterMin: (minutes) => `Quiet pods are stopped after ${formatDuration(minutes * MINUTE_MS)}.`,
}

/** One entry for each guard setting that changed. */
export function settingEntries(after: Settings, before: Settings, atMs: number): AuditEntry[] {
  return (Object.keys(settingTexts) as (keyof SettingTexts)[])
    .filter((name) => after[name] !== before[name])
    .map((name) => ({
      atMs,
      accountId: null,
      podId: null,
      podName: null,
      kind: 'rule',
      what: name,
      text: settingText(name, after),
      tone: 'plain',
    }))
}

function settingText<K extends keyof SettingTexts>(name: K, settings: Settings): string {
  return settingTexts[name]?.(settings[name]) ?? ''
}
