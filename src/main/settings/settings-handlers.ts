import { randomUUID } from 'node:crypto'
import { fail, ok, type Result } from '../../core/base/result'
import type { SettingRefusal } from '../../core/settings/settings'
import { isSettingName } from '../../core/settings/definitions/setting-list'
import type { Handlers, RequestError } from '../../shared/ipc'
import type { SettingsFollower } from './apply-settings'
import { createTransferHandlers, type FileDialogs, type TransferHandlers } from './settings-import-export'
import type { AppStore } from './app-store'

export type SettingsHandlers = TransferHandlers &
  Pick<Handlers, 'settings' | 'changeSetting' | 'resetSetting'>

export function createSettingsHandlers(
  store: AppStore,
  follower: SettingsFollower,
  dialogs: FileDialogs,
): SettingsHandlers {
  function change(name: string, value: unknown): Result<void, RequestError> {
    const before = isSettingName(name) ? store.settings()[name] : null
    const changed = store.changeSettings({ [name]: value })
    if (!changed.ok) return fail({ message: inWords(changed.error) })
    const refusal = isSettingName(name) ? follower.view().refusedBySystem[name] : undefined
    if (refusal === undefined) return changed
    // What the system does not do must not be shown as if it did.
    store.changeSettings({ [name]: before })
    return fail({ message: refusal })
  }

  return {
    ...createTransferHandlers(store, dialogs, randomUUID),
    settings: () => ok(follower.view()),
    changeSetting: change,
    resetSetting: (name) => change(name, undefined),
  }
}

const inWords = (refusals: readonly SettingRefusal[]): string =>
  refusals.map(({ reason }) => reason).join(' ')
