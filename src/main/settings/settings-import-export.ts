import { readFileSync, statSync } from 'node:fs'
import { errorText, fileNotRead, fileNotWritten } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import { parseImport, serializeSettings, type SettingChange } from '../../core/settings/import-export'
import { settingList } from '../../core/settings/definitions/setting-list'
import type { Handlers } from '../../shared/ipc'
import { replaceUserFile } from '../../node/data-folder/files/replace-file'
import type { AppStore } from './app-store'
import { settingsText } from './settings-text'

/** Native dialogs; null when canceled. */
export interface SettingsFileDialogs {
  chooseSavePath(suggestedName: string): Promise<string | null>
  chooseOpenPath(): Promise<string | null>
}

export type ImportExportHandlers = Pick<Handlers, 'exportSettings' | 'chooseImport' | 'applyImport'>

/** Makes changes of settings, once a person agreed to those that need it. */
export type WithConsent = (
  changes: Readonly<Record<string, unknown>>,
  apply: () => Result<void, string>,
) => Result<void, string> | Promise<Result<void, string>>

/** Well above the size of all settings. */
const MAX_IMPORT_BYTES = 100_000

/** Exports and imports settings. Main asks for the file, so windows cannot choose a path. */
export function createImportExportHandlers(
  store: AppStore,
  dialogs: SettingsFileDialogs,
  newId: () => string,
  withConsent: WithConsent,
): ImportExportHandlers {
  /** The last preview, which is applied exactly as it was shown. */
  let pending: { readonly id: string; readonly changes: readonly SettingChange[] } | null = null

  return {
    async exportSettings() {
      const path = await dialogs.chooseSavePath('podkeeper-settings.json')
      if (path === null) return ok(null)
      const written = attempt(() => replaceUserFile(path, serializeSettings(store.settings())))
      return written.ok ? ok(path) : fail(fileNotWritten(path, written.error))
    },

    async chooseImport() {
      const path = await dialogs.chooseOpenPath()
      if (path === null) return ok(null)
      const text = attempt(() => readWhole(path))
      if (!text.ok) return fail(fileNotRead(path, text.error))
      const parsed = parseImport(text.value, store.settings())
      if (!parsed.ok) return fail(parsed.error)
      const { changes, left } = parsed.value
      pending = { id: newId(), changes }
      return ok({ importId: pending.id, changes, left: left.map((name) => settingList[name].label) })
    },

    applyImport(importId) {
      if (pending?.id !== importId) return fail(settingsText.chooseAgain)
      const changes = Object.fromEntries(pending.changes.map(({ name, to }) => [name, to]))
      pending = null
      return withConsent(changes, () => {
        const applied = store.changeSettings(changes)
        return applied.ok ? applied : fail(applied.error.map(({ reason }) => reason).join(' '))
      })
    },
  }
}

function readWhole(path: string): string {
  if (statSync(path).size > MAX_IMPORT_BYTES) throw new Error('it is too large for settings')
  return readFileSync(path, 'utf8')
}

function attempt<T>(run: () => T): Result<T, string> {
  try {
    return ok(run())
  } catch (cause) {
    return fail(errorText(cause))
  }
}
