import * as v from 'valibot'
import type { SettingChange } from '../../core/settings/import-export'
import type { SettingName, Settings } from '../../core/settings/settings'
import { idSchema } from './field-schemas'
import { sharedArguments } from './shared-arguments'

/** The settings and the result of applying them. */
export interface SettingsView {
  readonly settings: Settings
  /** The path of the settings file, for display. */
  readonly path: string
  /**
   * Settings that the system rejected, with a sentence each, such as a shortcut that another program uses.
   */
  readonly refusedBySystem: { readonly [K in SettingName]?: string }
  /** The host that a pasted key is sent to; null when the address cannot be used. */
  readonly keyHost: string | null
  /** The same for a key of Hubify. */
  readonly labKeyHost: string | null
}

/** The changes that a chosen file would make; `importId` identifies them for `applyImport`. */
export interface ImportPreview {
  readonly importId: string
  readonly changes: readonly SettingChange[]
  /** Labels of settings that the file would change, and that no file may. */
  readonly left: readonly string[]
}

/** The part of the contract for settings. */
export interface SettingsRequests {
  settings: () => SettingsView
  /**
   * Rejected with the reason when the value is invalid, alone or together with other settings, or when the setting is
   * changed in another way.
   */
  changeSetting: (name: string, value: string | number | boolean | null) => void
  /** Resets a setting to its default. */
  resetSetting: (name: string) => void
  /** Asks for the address of the API in the app's own window. False: the user canceled. */
  changeApiAddress: () => boolean
  /** Asks for a file with the system's dialog and returns the path; null when canceled. */
  exportSettings: () => string | null
  /** Asks for a file with the system's dialog; null when canceled. Changes nothing yet. */
  chooseImport: () => ImportPreview | null
  applyImport: (importId: string) => void
}

export const settingsRequestSchemas = {
  settings: v.tuple([]),
  changeSetting: v.tuple([...sharedArguments.changeSetting]),
  resetSetting: v.tuple([...sharedArguments.resetSetting]),
  changeApiAddress: v.tuple([]),
  exportSettings: v.tuple([]),
  chooseImport: v.tuple([]),
  applyImport: v.tuple([idSchema]),
} satisfies { [K in keyof SettingsRequests]: v.GenericSchema<unknown, Parameters<SettingsRequests[K]>> }
