/** The sections of the settings page, in order. */
export const settingSections = {
  general: 'General',
  guard: 'Guard',
  alerts: 'Alerts',
  money: 'Money',
  accounts: 'Accounts & keys',
  terminal: 'Terminal',
  api: 'Pods API',
  advanced: 'Advanced',
} as const

export type SettingSection = keyof typeof settingSections

/** The groups of settings in the order of the page, each with its section and heading. */
export const settingGroups = {
  appearance: { section: 'general', title: 'Appearance' },
  startup: { section: 'general', title: 'Startup and shortcut' },
  actions: { section: 'general', title: 'Actions' },
  about: { section: 'general', title: 'About' },
  'auto-stop': { section: 'guard', title: 'Auto-stop' },
  safety: { section: 'guard', title: 'Safety' },
  'idle-alerts': { section: 'alerts', title: 'Idle pods' },
  'other-alerts': { section: 'alerts', title: 'Other alerts' },
  'alert-kinds': { section: 'alerts', title: 'Notify me about' },
  budget: { section: 'money', title: 'Budget' },
  balance: { section: 'money', title: 'Balance and disks' },
  'money-kinds': { section: 'money', title: 'Notify me about' },
  ssh: { section: 'accounts', title: 'SSH' },
  'terminal-look': { section: 'terminal', title: 'Appearance' },
  'terminal-use': { section: 'terminal', title: 'Behavior' },
  'pods-api': { section: 'api', title: 'Server' },
  idle: { section: 'advanced', title: 'Idle detection' },
  polling: { section: 'advanced', title: 'Polling' },
  timeouts: { section: 'advanced', title: 'Action timeouts' },
  window: { section: 'advanced', title: 'Window' },
  'activity-log': { section: 'advanced', title: 'Activity log' },
  connection: { section: 'advanced', title: 'Connection' },
} as const satisfies Record<string, { readonly section: SettingSection; readonly title: string }>

export type SettingGroup = keyof typeof settingGroups

interface SettingDescription {
  readonly group: SettingGroup
  /** Two to four words, understood without the heading of the group. */
  readonly label: string
  /** One line at most, without a full stop. */
  readonly help: string
  /** Words that a person may search for and that neither label nor help has. */
  readonly keywords: string
}

export type TimeUnit = 'seconds' | 'minutes' | 'hours' | 'days'
export type Unit = TimeUnit | '%' | 'points' | 'per hour' | 'pixels' | 'lines' | 'MB'

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
  /** What the text is: a time of day ("22:00"), or an amount in USD ("49.50"). */
  readonly format?: 'time-of-day' | 'usd'
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
  keywords = '',
): NumberSetting {
  return { kind: 'number', group, label, unit, default: value, min, max, help, keywords }
}

export function toggleSetting(
  group: SettingGroup,
  label: string,
  isOnByDefault: boolean,
  help: string,
  keywords = '',
): ToggleSetting {
  return { kind: 'toggle', group, label, default: isOnByDefault, help, keywords }
}
