import { randomUUID } from 'node:crypto'
import { fail, ok, type Result } from '../../core/base/result'
import type { SettingError } from '../../core/settings/settings'
import { changedIn, isSettingName } from '../../core/settings/definitions/setting-list'
import type { Handlers, RequestError } from '../../shared/ipc'
import type { SettingsApplier } from './apply-settings'
import {
  createImportExportHandlers,
  type FileDialogs,
  type ImportExportHandlers,
} from './settings-import-export'
import type { AppStore } from './app-store'

export type SettingsHandlers = ImportExportHandlers &
  Pick<Handlers, 'settings' | 'changeSetting' | 'resetSetting' | 'changeApiAddress'>

export function createSettingsHandlers(
  store: AppStore,
  applier: SettingsApplier,
  dialogs: FileDialogs,
  changeApiAddress: () => Promise<Result<boolean, string>>,
): SettingsHandlers {
  function change(name: string, value: unknown): Result<void, RequestError> {
    const place = isSettingName(name) ? changedIn(name) : null
    // Not choosing a file is no choice of a key.
    const isAllowed = place === null || (place === 'file-dialog' && value === undefined)
    if (!isAllowed)
      return fail({ message: 'This is changed in a window of its own only. Nothing was changed.' })
    const before = isSettingName(name) ? store.settings()[name] : null
    const changed = store.changeSettings({ [name]: value })
    if (!changed.ok) return fail({ message: refusalsText(changed.error) })
    const refusal = isSettingName(name) ? applier.view().refusedBySystem[name] : undefined
    if (refusal === undefined) return changed
    // A setting that the system did not apply must not appear as applied.
    store.changeSettings({ [name]: before })
    return fail({ message: refusal })
  }

  return {
    ...createImportExportHandlers(store, dialogs, randomUUID),
    settings: () => ok(applier.view()),
    changeSetting: change,
    resetSetting: (name) => change(name, undefined),
    async changeApiAddress() {
      const changed = await changeApiAddress()
      return changed.ok ? changed : fail({ message: changed.error })
    },
  }
}

const refusalsText = (refusals: readonly SettingError[]): string =>
  refusals.map(({ reason }) => reason).join(' ')
