import type { CommandRun } from '../../output/command-run'
import { plainText } from '../../../core/base/text/plain-text'
import { isSettingName, settingList, settingNames } from '../../../core/settings/definitions/setting-list'
import type { Setting } from '../../../core/settings/definitions/setting-types'
import {
  defaultSettings,
  parseSettings,
  settingProblem,
  type SettingName,
  type Settings,
} from '../../../core/settings/settings'
import type { SettingValue } from '../../../core/settings/definitions/typed-value'
import { type Control, refusalExit } from '../../account/open-control'
import { CliExit, exitCodes } from '../../output/exit'
import { JSON_VERSION } from '../../output/json'
import { padText } from '../../output/text'
import type { SettingsVerb } from '../arguments'
import { settingsText } from './control-text'

export interface SettingsOptions extends Pick<CommandRun, 'isJson' | 'output'> {
  readonly control: Control
  readonly verb: SettingsVerb
  readonly name: string | undefined
  readonly value: string | undefined
}

/** Typed in place of a value. */
const DEFAULT = 'default'
const NONE = 'none'

/** Shows or changes settings; returns the exit code. Throws a `CliExit` with nothing changed. */
export async function settings(options: SettingsOptions): Promise<number> {
  const { control, verb, output, isJson } = options
  if (verb === 'list') {
    if (options.name !== undefined) throw usage(settingsText.listTakesNothing)
    const current = await readSettings(control)
    if (isJson) output.result(JSON.stringify(listJson(current), null, 2))
    else for (const line of listLines(current)) output.result(line)
    return exitCodes.ok
  }
  const name = settingNameOf(options.name)
  if (verb === 'get') {
    if (options.value !== undefined) throw usage(settingsText.useSet)
    const current = await readSettings(control)
    output.result(isJson ? JSON.stringify(settingJson(name, current)) : valueText(current[name]))
    return exitCodes.ok
  }
  if (options.value === undefined) throw usage(settingsText.addValue(name))
  const value = parseSettingValue(name, options.value)
  const problem = value === undefined ? null : settingProblem(name, value)
  if (problem !== null) throw usage(settingsText.invalid(name, problem))
  const before = await readSettings(control)
  const changed = await (value === undefined
    ? control.requests.resetSetting(name)
    : control.requests.changeSetting(name, value))
  if (!changed.ok) throw refusalExit(changed.error)
  const after = await readSettings(control)
  if (isJson) output.result(JSON.stringify({ ...settingJson(name, after), before: before[name] }))
  else output.result(settingsText.changed(name, valueText(after[name]), valueText(before[name])))
  return exitCodes.ok
}

export async function readSettings(control: Control): Promise<Settings> {
  const current = await control.requests.settings()
  if (!current.ok) throw refusalExit(current.error, true)
  return parseSettings(current.value).settings
}

function settingNameOf(name: string | undefined): SettingName {
  if (name === undefined) throw usage(settingsText.specify)
  if (isSettingName(name)) return name
  const typed = name.toLowerCase()
  const similar = settingNames.filter((other) => other.toLowerCase().includes(typed))
  throw usage(settingsText.unknown(name, similar))
}

/** The value for a setting as it was typed; undefined: the default. What it may be is checked where it is applied. */
function parseSettingValue(name: SettingName, typed: string): SettingValue | undefined {
  const setting: Setting = settingList[name]
  if (typed === DEFAULT) return undefined
  switch (setting.kind) {
    case 'number': {
      const number = typed.trim() === '' ? Number.NaN : Number(typed)
      if (!Number.isFinite(number)) throw usage(settingsText.notANumber(name, typed, setting.unit))
      return number
    }
    case 'toggle':
      if (typed === 'true' || typed === 'false') return typed === 'true'
      throw usage(settingsText.notAToggle(name, typed))
    case 'choice':
      return typed
    case 'text':
      return typed === NONE ? null : typed
  }
}

const usage = (message: string): CliExit => new CliExit(exitCodes.usage, message)

const valueText = (value: SettingValue): string => (value === null ? NONE : plainText(String(value)))

function listLines(current: Settings): string[] {
  const nameWidth = Math.max(...settingNames.map((name) => name.length))
  const valueWidth = Math.max(...settingNames.map((name) => valueText(current[name]).length))
  return settingNames.map((name) => {
    const setting: Setting = settingList[name]
    const unit = setting.kind === 'number' ? `, ${setting.unit}` : ''
    return `${padText(name, nameWidth)}  ${padText(valueText(current[name]), valueWidth)}  ${setting.label}${unit}`
  })
}

const listJson = (current: Settings): unknown => ({
  version: JSON_VERSION,
  settings: Object.fromEntries(settingNames.map((name) => [name, current[name]])),
})

const settingJson = (name: SettingName, current: Settings) => ({
  version: JSON_VERSION,
  name,
  value: current[name],
  default: defaultSettings[name],
})
