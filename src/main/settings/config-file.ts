import { chmodSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Store from 'electron-store'
import { fileStamp, wasJustWritten } from '../../node/data-folder/files/file-stamp'
import { errorText } from '../../core/base/text/error-text'
import {
  type AppConfig,
  emptyConfig,
  MAX_CONFIG_BYTES,
  parseConfig,
  serializeConfig,
} from '../../core/settings/config-schema'
import { fail, ok } from '../../core/base/result'
import type { Log } from '../lifecycle/log'
import { formatProblem, writeProblem } from '../../node/data-folder/format/folder-format'
import { isDataFile, readDataFile } from '../../node/data-folder/files/read-data-file'
import { replaceFile } from '../../node/data-folder/files/replace-file'
import { type ConfigAccess, type UpdateConfig, updateConfig } from '../../node/data-folder/update-config'
import { settingsText } from './settings-text'
import { makeFolders } from '../../node/data-folder/files/private-folder'

/** `config.json` and a copy of its last good state. See docs/decisions/0007. */
export interface ConfigFile {
  readonly path: string
  /** The current content, read again if another program wrote the file. */
  read(): AppConfig
  /**
   * Writes the content that `change` returns, based on the latest content including manual edits. Ok means
   * that it is on disk. After an error nothing changed, on disk or in memory.
   */
  readonly update: UpdateConfig
}

/**
 * Opens `config.json` in `folder`. If it is unreadable, now or later, it is set aside and replaced by the
 * last good copy, and `reportProblem` receives a sentence about it. Throws when the file can be neither read nor
 * moved.
 */
export function openConfigFile(
  folder: string,
  nowMs: () => number,
  reportProblem: (text: string) => void,
  log: Pick<Log, 'warn'>,
): ConfigFile {
  const path = join(folder, 'config.json')
  const lastGoodPath = `${path}.last-good`
  /** Why nothing may be written; null when it may. */
  const lockedBy = (): string | null => writeProblem(folder)
  // A folder that no program acted on yet is this user's, too.
  if (formatProblem(folder) === null) makePrivate(folder, path)
  if (lockedBy() === null) {
    // What is no file could never be replaced by the next copy.
    if (!succeeds(() => isDataFile(lastGoodPath, MAX_CONFIG_BYTES)) || isFolder(lastGoodPath))
      succeeds(() => renameSync(lastGoodPath, `${lastGoodPath}.unreadable-${nowMs()}`))
  }
  let current: AppConfig | null = null
  /** The text that was last set aside, so that reading it again does not set it aside again. */
  let setAside: string | null = null
  /** Whether another program seems to be in the middle of writing. */
  let isUnsettled = false

  /** Never throws: unusable content is set aside, and the known state remains. */
  function deserialize(text: string): AppConfig {
    const parsed = parseConfig(text)
    if (parsed.ok) return parsed.value
    isUnsettled = current !== null && wasJustWritten(path, nowMs())
    if (isUnsettled) return current ?? emptyConfig
    if (text !== setAside) {
      setAside = text
      const copy = `${path}.unreadable-${nowMs()}`
      const isKept = formatProblem(folder) === null && succeeds(() => replaceFile(copy, readFileSync(path)))
      current ??= lastGood()
      const isLastGood = current !== null
      reportProblem(settingsText.configUnusable(parsed.error, isLastGood, isKept ? copy : null, folder))
      // Otherwise the next start would find the same file and report it again.
      if (isKept && lockedBy() === null)
        succeeds(() => replaceFile(path, serializeConfig(current ?? emptyConfig)))
    }
    return current ?? emptyConfig
  }

  function lastGood(): AppConfig | null {
    const text = readText(lastGoodPath)
    const parsed = text === null ? null : parseConfig(text)
    return parsed?.ok ? parsed.value : null
  }

  function restoreLastGood(): boolean {
    const good = lastGood()
    return good !== null && succeeds(() => replaceFile(path, serializeConfig(good)))
  }

  const store = openElectronStore(folder, path, { nowMs, reportProblem, deserialize, restoreLastGood })
  let stamp: string | null = fileStamp(path)
  // For a missing file the store returns an empty object.
  current = stamp === null ? emptyConfig : store.store
  const readAtOpen = current
  // Updates the copy after a manual edit while the app was not running.
  if (stamp !== null && lockedBy() === null && readText(lastGoodPath) !== serializeConfig(readAtOpen))
    succeeds(() => replaceFile(lastGoodPath, serializeConfig(readAtOpen)))

  function read(): AppConfig {
    const stampNow = fileStamp(path)
    // If the file disappears while the app runs, the next write restores it.
    if (current !== null && (stampNow === null || stampNow === stamp)) return current
    // That of before the content, so that what is written meanwhile is read by the next call.
    stamp = stampNow
    isUnsettled = false
    try {
      if (isDataFile(path, MAX_CONFIG_BYTES)) current = store.store
      if (isUnsettled) stamp = ''
    } catch (cause) {
      log.warn('config.json could not be read again', cause)
    }
    return current ?? emptyConfig
  }

  return {
    path,
    read,
    update(change) {
      // Both run while no other program writes. A stamp taken later could be that of another program's content.
      const access: ConfigAccess = {
        read() {
          stamp = ''
          const config = read()
          return isUnsettled ? fail(settingsText.otherWriter) : ok(config)
        },
        write(config) {
          store.store = config
          current = config
          stamp = fileStamp(path)
        },
      }
      const updated = updateConfig(folder, access, change)
      return updated.ok ? ok(undefined) : updated
    },
  }
}

interface StoreOptions {
  readonly nowMs: () => number
  readonly reportProblem: (text: string) => void
  readonly deserialize: (text: string) => AppConfig
  /** Whether the last good copy took the place of the file. */
  readonly restoreLastGood: () => boolean
}

function openElectronStore(
  folder: string,
  path: string,
  { nowMs, reportProblem, deserialize, restoreLastGood }: StoreOptions,
): Store<AppConfig> {
  const open = (): Store<AppConfig> => {
    // Throws for what electron-store would read for minutes, or forever.
    isDataFile(path, MAX_CONFIG_BYTES)
    const store = new Store<AppConfig>({
      cwd: folder,
      name: 'config',
      serialize: serializeConfig,
      deserialize,
    })
    // The store's own write reports success on a full disk and leaves half a file. See docs/decisions/0007.
    return Object.assign(store, { _write: (config: AppConfig) => replaceFile(path, serializeConfig(config)) })
  }
  try {
    return open()
  } catch (cause) {
    const copy = `${path}.unreadable-${nowMs()}`
    if (formatProblem(folder) !== null || !succeeds(() => renameSync(path, copy)))
      throw new Error(`${path} cannot be read (${errorText(cause)}). Make it readable, or move it away.`, {
        cause,
      })
    reportProblem(settingsText.configUnreadable(errorText(cause), restoreLastGood(), copy))
    return open()
  }
}

/** Makes the folder private to the user, no matter who created it. */
function makePrivate(folder: string, path: string): void {
  makeFolders(folder)
  if (process.platform === 'win32') return
  for (const entry of [folder, path]) {
    succeeds(() => {
      const mode = (statSync(entry, { throwIfNoEntry: false })?.mode ?? 0) & 0o777
      if ((mode & 0o077) !== 0) chmodSync(entry, mode & 0o700)
    })
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

function readText(path: string): string | null {
  try {
    return readDataFile(path, MAX_CONFIG_BYTES)
  } catch {
    return null
  }
}

function succeeds(run: () => void): boolean {
  try {
    run()
    return true
  } catch {
    return false
  }
}
