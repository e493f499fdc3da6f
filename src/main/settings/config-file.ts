import { chmodSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Store from 'electron-store'
import { fileStamp } from '../../node/data-folder/file-stamp'
import { errorText } from '../../core/base/error-text'
import { type AppConfig, emptyConfig, parseConfig, serializeConfig } from '../../core/settings/config-schema'
import { fail, ok, type Result } from '../../core/base/result'
import type { Log } from '../lifecycle/log'
import { replaceFile } from '../../node/data-folder/replace-file'

/** `config.json`, and a copy of its last good state beside it. See docs/decisions/0007. */
export interface ConfigFile {
  readonly path: string
  /** Its content now: read again when somebody else wrote it. */
  read(): AppConfig
  /**
   * Writes what `change` makes of the content, an edit by hand included. Ok: it is on disk. Else a reason in words,
   * and nothing changed, here or there.
   */
  update(change: (config: AppConfig) => AppConfig): Result<void, string>
}

/**
 * Opens `config.json` in `folder`. One that cannot be read, now or later, is set aside and the last good copy takes
 * its place; `tell` is given a sentence about it. Throws when there is a file that can be neither read nor moved.
 */
export function openConfigFile(
  folder: string,
  nowMs: () => number,
  reportProblem: (text: string) => void,
  log: Pick<Log, 'warn'>,
): ConfigFile {
  const path = join(folder, 'config.json')
  const lastGoodPath = `${path}.last-good`
  makePrivate(folder, path)
  let current: AppConfig | null = null
  /** The text that was set aside last, so that reading it once more does not set it aside once more. */
  let setAside: string | null = null

  /** Never throws: what cannot be used is set aside, and what is known goes on. */
  function deserialize(text: string): AppConfig {
    const parsed = parseConfig(text)
    if (parsed.ok) return parsed.value
    if (text !== setAside) {
      setAside = text
      const copy = `${path}.unreadable-${nowMs()}`
      const isKept = succeeds(() => replaceFile(copy, readFileSync(path)))
      current ??= lastGood()
      const what = current === null ? 'All settings begin anew' : 'The last good copy of it holds'
      const where = isKept ? `the file is kept as ${copy}` : `no copy of the file could be made in ${folder}`
      reportProblem(`config.json could not be used, since ${parsed.error}. ${what}; ${where}.`)
      // Else the next start would find the same file and say all this again.
      if (isKept) succeeds(() => replaceFile(path, serializeConfig(current ?? emptyConfig)))
    }
    return current ?? emptyConfig
  }

  function lastGood(): AppConfig | null {
    const text = readText(lastGoodPath)
    const parsed = text === null ? null : parseConfig(text)
    return parsed?.ok ? parsed.value : null
  }

  const store = openElectronStore(folder, path, nowMs, reportProblem, deserialize)
  let stamp = fileStamp(path)
  // Of a file that is not there it makes an object without anything.
  current = stamp === null ? emptyConfig : store.store
  const readAtOpen = current
  // The copy follows an edit that was made by hand while the app was not running.
  if (stamp !== null && readText(lastGoodPath) !== serializeConfig(readAtOpen))
    succeeds(() => replaceFile(lastGoodPath, serializeConfig(readAtOpen)))

  function read(): AppConfig {
    const stampNow = fileStamp(path)
    // A file that vanished while the app runs comes back with the next write.
    if (current !== null && (stampNow === null || stampNow === stamp)) return current
    try {
      current = store.store
      stamp = fileStamp(path)
    } catch (cause) {
      log.warn('config.json could not be read again', cause)
    }
    return current ?? emptyConfig
  }

  return {
    path,
    read,
    update(change) {
      const next = change(read())
      try {
        // The copy first: when the second write fails, the file still is what it was.
        replaceFile(lastGoodPath, serializeConfig(next))
        store.store = next
      } catch (cause) {
        return fail(`config.json could not be written (${errorText(cause)})`)
      }
      current = next
      stamp = fileStamp(path)
      return ok(undefined)
    },
  }
}

function openElectronStore(
  folder: string,
  path: string,
  nowMs: () => number,
  reportProblem: (text: string) => void,
  deserialize: (text: string) => AppConfig,
): Store<AppConfig> {
  const open = (): Store<AppConfig> => {
    const store = new Store<AppConfig>({
      cwd: folder,
      name: 'config',
      serialize: serializeConfig,
      deserialize,
    })
    // Its own way of writing reports success on a full disk, with half a file: docs/decisions/0007.
    return Object.assign(store, { _write: (config: AppConfig) => replaceFile(path, serializeConfig(config)) })
  }
  try {
    return open()
  } catch (cause) {
    const copy = `${path}.unreadable-${nowMs()}`
    if (!succeeds(() => renameSync(path, copy)))
      throw new Error(`${path} cannot be read (${errorText(cause)}). Make it readable, or move it away.`, {
        cause,
      })
    reportProblem(
      `config.json could not be read (${errorText(cause)}). All settings begin anew; it is kept as ${copy}.`,
    )
    return open()
  }
}

/** Others on this computer have no business in the folder, whatever made it. */
function makePrivate(folder: string, path: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (process.platform === 'win32') return
  for (const entry of [folder, path]) {
    const mode = (statSync(entry, { throwIfNoEntry: false })?.mode ?? 0) & 0o777
    if ((mode & 0o077) !== 0) succeeds(() => chmodSync(entry, mode & 0o700))
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
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
