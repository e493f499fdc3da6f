import { changedIn, isSettingName, settingNames } from '../settings/definitions/setting-list'
import { changeSettings, defaultSettings, type SettingName, type Settings } from '../settings/settings'
import type { ConfigChange } from './config-change'
import {
  type ConfigurationInput,
  type ConfigurationProblem,
  lineOf,
  type PlannedSection,
} from './configuration-plan'

export interface SettingsSteps {
  readonly change: Pick<ConfigChange, 'settings' | 'resets'>
  readonly after: Settings
}

/** `isOnly`: settings that the file doesn't name get their default. */
export function planSettings(
  { file, current }: ConfigurationInput,
  isOnly: boolean,
): PlannedSection<SettingsSteps> {
  const before = current.settings
  const given = file.settings ?? {}
  const resets = isOnly
    ? settingNames.filter(
        (name) =>
          changedIn(name) === null && !Object.hasOwn(given, name) && before[name] !== defaultSettings[name],
      )
    : []
  const protectedProblems = Object.keys(given)
    .filter((name) => isSettingName(name) && changedIn(name) !== null)
    .map((name) => ({ path: ['settings', name], message: `${name} can only be set in the app.` }))
  const changed = changeSettings(before, {
    ...given,
    ...Object.fromEntries(resets.map((name) => [name, undefined])),
  })
  if (!changed.ok || protectedProblems.length > 0) {
    const refused = changed.ok ? [] : changed.error
    const problems = refused.map(({ name, reason }): ConfigurationProblem => ({
      path: Object.hasOwn(given, name) ? ['settings', name] : ['settings'],
      message: reason,
    }))
    const steps = { change: { settings: {}, resets: [] }, after: before }
    return { lines: [], problems: [...protectedProblems, ...problems], steps }
  }
  const after = changed.value
  const names = settingNames.filter((name) => after[name] !== before[name])
  const isReset = (name: SettingName): boolean => resets.includes(name)
  return {
    lines: names.flatMap((name) => lineOf(`settings.${name}`, before[name], after[name])),
    problems: [],
    steps: {
      change: {
        settings: Object.fromEntries(
          names.filter((name) => !isReset(name)).map((name) => [name, after[name]]),
        ),
        resets,
      },
      after,
    },
  }
}
