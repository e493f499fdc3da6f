import type { AuditEntry } from '../../core/audit-log/audit-log'
import { fail, ok, type Result } from '../../core/base/result'
import {
  type ConfigChange,
  settingChangesOf,
  withAccountChanges,
} from '../../core/configuration/config-change'
import { autoStopModeText } from '../../core/pod-rules/pod-rules-editor'
import type { GroupRules } from '../../core/pod-rules/pod-rules'
import { changedIn, isSettingName } from '../../core/settings/definitions/setting-list'
import { changeSettings, type Settings } from '../../core/settings/settings'
import { mergeSettings, type UpdateConfig } from './update-config'

/** Carries out a change of `config.json`: all of it or nothing. The error is for display. */
export type ApplyConfig = (change: ConfigChange) => Result<void, string>

export interface ConfigApplierOptions {
  readonly settings: () => Settings
  readonly update: UpdateConfig
  readonly nowMs: () => number
  readonly record: (entry: AuditEntry) => void
  /** Absent: changes of settings are recorded by whoever follows them. */
  readonly onSettings?: (after: Settings, before: Settings) => void
}

export function createConfigApplier(options: ConfigApplierOptions): ApplyConfig {
  const { settings, update, nowMs, record } = options
  return (change) => {
    const before = settings()
    const changes = settingChangesOf(change)
    const refused = Object.keys(changes).find((name) => isSettingName(name) && changedIn(name) !== null)
    if (refused !== undefined) return fail(`${refused} can only be set in the app.`)
    const changed = changeSettings(before, changes)
    if (!changed.ok) return fail(changed.error.map(({ name, reason }) => `${name}: ${reason}`).join(' '))
    const written = update((config) => ({
      ...config,
      settings: mergeSettings(config.settings, changes),
      guards: withAccountChanges(config.guards, change),
    }))
    if (!written.ok) return fail(`Nothing was changed: ${written.error}.`)
    options.onSettings?.(settings(), before)
    for (const [accountId, { autoStop, groupRules }] of Object.entries(change.accounts)) {
      const about = {
        atMs: nowMs(),
        accountId,
        podId: null,
        podName: null,
        kind: 'rule',
        tone: 'plain',
      } as const
      if (autoStop !== undefined) record({ ...about, what: 'auto-stop', text: autoStopModeText[autoStop] })
      if (groupRules !== undefined)
        record({ ...about, what: 'group-rules', text: groupRulesText(groupRules) })
    }
    return ok(undefined)
  }
}

function groupRulesText({ allPods, patterns }: GroupRules): string {
  const valuesText = (values: object): string =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', ')
  const ofPatterns = patterns.map(
    ({ name, match, ...values }) => `“${name}” (${valuesText(match)}): ${valuesText(values)}`,
  )
  const ofAll = Object.keys(allPods).length > 0 ? [`all pods: ${valuesText(allPods)}`] : []
  const all = [...ofPatterns, ...ofAll]
  return all.length === 0
    ? 'There are no rules for several pods any more.'
    : `Rules for several pods: ${all.join('; ')}.`
}
