import { randomUUID } from 'node:crypto'
import { fail, ok, type Result } from '../../core/base/result'
import type { SettingError } from '../../core/settings/settings'
import { changedIn, isSettingName } from '../../core/settings/definitions/setting-list'
import type { Handlers } from '../../shared/ipc'
import type { SettingsApplier } from './apply-settings'
import {
  createImportExportHandlers,
  type SettingsFileDialogs,
  type ImportExportHandlers,
  type WithConsent,
} from './settings-import-export'
import type { AppStore } from './app-store'
import { settingsText } from './settings-text'

export type SettingsHandlers = ImportExportHandlers &
  Pick<Handlers, 'settings' | 'changeSetting' | 'resetSetting' | 'changeApiAddress'>

/**
 * Returns what changes a setting and applies it to the system; `undefined` stands for the default. Errors are for
 * display.
 */
export function createChangeSetting(store: AppStore, applier: SettingsApplier) {
  return (name: string, value: unknown): Result<void, string> => {
    const before = isSettingName(name) ? store.settings()[name] : null
    const changed = store.changeSettings({ [name]: value })
    if (!changed.ok) return fail(refusalsText(changed.error))
    const refusal = isSettingName(name) ? applier.view().refusedBySystem[name] : undefined
    if (refusal === undefined) return changed
    // A setting that the system did not apply must not appear as applied.
    store.changeSettings({ [name]: before })
    return fail(refusal)
  }
}

export interface SettingsHandlersOptions {
  readonly store: AppStore
  readonly applier: SettingsApplier
  readonly changeSetting: ReturnType<typeof createChangeSetting>
  readonly dialogs: SettingsFileDialogs
  /** Asks in the app's own window whether programs on pods may ask to copy again. */
  readonly mayAllowClipboard: () => Promise<Result<boolean, string>>
  readonly changeApiAddress: () => Promise<Result<boolean, string>>
}

const CLIPBOARD = 'mayTerminalsSetClipboard'

/** What windows may ask for. */
export function createSettingsHandlers(options: SettingsHandlersOptions): SettingsHandlers {
  const { store, applier, dialogs } = options

  /** A page may not give programs on pods what a person denied them. */
  const withConsent: WithConsent = (changes, apply) => {
    const before = store.settings()[CLIPBOARD]
    const isGiven = Object.hasOwn(changes, CLIPBOARD) && changes[CLIPBOARD] !== before && before === 'never'
    return isGiven ? askBefore(apply) : apply()
  }

  async function askBefore(apply: () => Result<void, string>): Promise<Result<void, string>> {
    const asked = await options.mayAllowClipboard()
    if (!asked.ok) return asked
    return asked.value ? apply() : fail(settingsText.clipboardStaysOff)
  }

  function change(name: string, value: unknown): ReturnType<WithConsent> {
    const place = isSettingName(name) ? changedIn(name) : null
    // Not choosing a file is no choice of a key.
    const isAllowed = place === null || (place === 'file-dialog' && value === undefined)
    if (!isAllowed) return fail(settingsText.ownWindowOnly)
    return withConsent({ [name]: value }, () => options.changeSetting(name, value))
  }

  return {
    ...createImportExportHandlers(store, dialogs, randomUUID, withConsent),
    settings: () => ok(applier.view()),
    changeSetting: change,
    resetSetting: (name) => change(name, undefined),
    changeApiAddress: options.changeApiAddress,
  }
}

const refusalsText = (refusals: readonly SettingError[]): string =>
  refusals.map(({ reason }) => reason).join(' ')
