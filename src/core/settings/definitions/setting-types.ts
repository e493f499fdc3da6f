/** The groups of the settings page, in order. */
export const settingGroups = {
  'auto-stop': 'Guard: automatic stops',
  money: 'Money',
  alerts: 'Alerts',
  'alert-kinds': 'Alerts of',
  idle: 'Idle',
  watching: 'Watching',
  actions: 'Actions',
  terminal: 'Terminal',
  window: 'Window & tray',
  connection: 'Connection',
} as const

export type SettingGroup = keyof typeof settingGroups

interface SettingDescription {
  readonly group: SettingGroup
  readonly label: string
  /** One line that explains the purpose. */
  readonly help: string
}

export type Unit = 'seconds' | 'minutes' | 'hours' | 'days' | '%' | 'points' | 'stops' | 'pixels' | 'lines'

export interface NumberSetting extends SettingDescription {
  readonly kind: 'number'
  readonly unit: Unit
  readonly default: number
  readonly min: number
  readonly max: number
}

export interface ToggleSetting extends SettingDescription {
  readonly kind: 'toggle'
  readonly default: boolean
}

export interface ChoiceSetting extends SettingDescription {
  readonly kind: 'choice'
  readonly default: string
  /** The label of each value. */
  readonly options: Readonly<Record<string, string>>
}

/** A text, or null for none. */
export interface TextSetting extends SettingDescription {
  readonly kind: 'text'
  readonly default: null
  /** The meaning of null, shown in the empty field. */
  readonly none: string
  /**
   * Changed only there, never by a request of a window or by an import: in main's own window, or by the file that
   * the user chose in the system's dialog.
   */
  readonly changedIn?: 'own-window' | 'file-dialog'
  /** A time of day, "22:00". */
  readonly isTime?: true
  /** Why a text is rejected, to follow a name; null when it is valid. */
  readonly problem: (text: string) => string | null
}

export type Setting = NumberSetting | ToggleSetting | ChoiceSetting | TextSetting

export function numberSetting(
  group: SettingGroup,
  label: string,
  unit: Unit,
  [value, min, max]: readonly [value: number, min: number, max: number],
  help: string,
): NumberSetting {
  return { kind: 'number', group, label, unit, default: value, min, max, help }
}

export function toggleSetting(
  group: SettingGroup,
  label: string,
  isOnByDefault: boolean,
  help: string,
): ToggleSetting {
  return { kind: 'toggle', group, label, default: isOnByDefault, help }
}
