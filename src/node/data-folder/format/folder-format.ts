import { existsSync, lstatSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isObject, parseJson } from '../../../core/base/parse-json'
import { errorCode } from '../files/error-code'
import { readDataFile } from '../files/read-data-file'
import { replaceFile, syncFolder } from '../files/replace-file'
import { backupFolder, type FolderFormat, type Migration } from './migration'
import { makeFolders } from '../files/private-folder'

/** The format that this program reads and writes. */
export const presentFormat: FolderFormat = { version: 2, migrations: [] }

interface State {
  readonly version: number
  /** Present while a migration is not complete: the version that its backup has. */
  readonly migratingFrom?: number
}

/** `new`: no program has used the folder. `without-version`: one has, and `format.json` is missing. */
type FoundFormat = State | 'new' | 'without-version' | 'unreadable'

const statePath = (folder: string): string => join(folder, 'format.json')
/** It holds a few words. */
const MAX_STATE_BYTES = 64 * 1_024

/** What every folder has that was used. None of them is written before `format.json`. */
const USED_FILES = ['config.json', 'intents.jsonl']

/**
 * Why this program must neither write to the folder nor act on it, as sentences; null when it may. A file that
 * cannot be read counts as newer, because nothing is known of the format then. See docs/data-folder.md.
 */
export function formatProblem(folder: string, format: FolderFormat = presentFormat): string | null {
  return problemOf(readState(folder), format)
}

function problemOf(state: FoundFormat, format: FolderFormat): string | null {
  const { version } = format
  if (state === 'new') return null
  if (state === 'without-version')
    return `The data folder has no format.json, so its files may be of an earlier version of Podkeeper. ${MOVE_AWAY}`
  const found = state === 'unreadable' ? 'in a format that cannot be read' : `in format ${state.version}`
  const what = `The data folder is ${found}, and this version of Podkeeper supports format ${version}.`
  if (state === 'unreadable' || state.version > version)
    return `${what} Update Podkeeper; until then it is read-only.`
  return hasWay(state.migratingFrom ?? state.version, format) ? null : `${what} ${MOVE_AWAY}`
}

const MOVE_AWAY = 'Move its files to another folder; until then it is read-only.'

const hasWay = (from: number, { version, migrations }: FolderFormat): boolean =>
  Array.from({ length: version - from }, (_, step) => from + step).every((each) =>
    migrations.some((migration) => migration.from === each),
  )

/**
 * Why a file must not be written now by a program that may not hold the lock, as sentences; null when it may. A folder
 * that is not migrated yet is still read by older programs, and what is written into it is lost with the migration.
 */
export function writeProblem(folder: string, format: FolderFormat = presentFormat): string | null {
  const state = readState(folder)
  const problem = problemOf(state, format)
  if (problem !== null || (isState(state) && isComplete(state, format))) return problem
  return `The data folder is not in format ${format.version} yet. It will be once no older Podkeeper is active on it.`
}

const isState = (state: FoundFormat): state is State => typeof state !== 'string'

const isComplete = ({ version, migratingFrom }: State, format: FolderFormat): boolean =>
  version === format.version && migratingFrom === undefined

/**
 * Brings the folder to `format`, with a backup of each version on the way. Only the holder of the folder's
 * lock may call it. A crash at any moment leaves a folder that the next call completes, and that programs of
 * the older format do not touch. Throws file system errors, and for a folder that `formatProblem` refuses.
 */
export function migrateFolder(folder: string, format: FolderFormat = presentFormat): void {
  for (;;) {
    const state = readState(folder)
    const problem = problemOf(state, format)
    if (problem !== null) throw new Error(problem)
    if (!isState(state)) {
      writeState(folder, { version: format.version })
      return
    }
    if (isComplete(state, format)) return
    migrateOnce(folder, state, format)
  }
}

/** From one version to the next. */
function migrateOnce(folder: string, { version, migratingFrom }: State, { migrations }: FolderFormat): void {
  const from = migratingFrom ?? version
  const migration = migrations.find((one) => one.from === from)
  if (!migration) throw new Error(`There is no way from format ${from} of the data folder.`)
  const hasBegun = migratingFrom !== undefined
  // Of nothing there is no backup. That of a migration that has begun must be there.
  if (!hasBegun && !migration.files.some((name) => existsSync(join(folder, name)))) {
    writeState(folder, { version: from + 1 })
    return
  }
  if (!hasBegun) {
    backUp(folder, migration)
    writeState(folder, { version: from + 1, migratingFrom: from })
  }
  const backup = backupFolder(folder, from)
  // Without it, files would be made of nothing and replace those that are there.
  if (!existsSync(backup)) throw new Error(`${backup} is missing, so the data folder cannot be migrated.`)
  const texts = migration.migrate((name) => readIfThere(join(backup, name)))
  for (const [name, text] of Object.entries(texts)) replaceFile(join(folder, name), text)
  writeState(folder, { version: from + 1 })
}

/** Appears as a whole. Repeated after a crash, because the files are unchanged until the state says otherwise. */
function backUp(folder: string, { from, files }: Migration): void {
  const backup = backupFolder(folder, from)
  const temporary = `${backup}.new`
  rmSync(temporary, { recursive: true, force: true })
  makeFolders(temporary)
  for (const name of files)
    if (existsSync(join(folder, name))) replaceFile(join(temporary, name), readFileSync(join(folder, name)))
  rmSync(backup, { recursive: true, force: true })
  renameSync(temporary, backup)
  syncFolder(dirname(backup))
}

const writeState = (folder: string, state: State): void =>
  replaceFile(statePath(folder), `${JSON.stringify(state)}\n`)

function readState(folder: string): FoundFormat {
  const read = (): string | null => readDataFile(statePath(folder), MAX_STATE_BYTES)
  try {
    let text = read()
    if (text === null) {
      if (!USED_FILES.some((name) => isThere(join(folder, name)))) return 'new'
      // Another program may have made the folder meanwhile.
      text = read()
    }
    return text === null ? 'without-version' : (parseState(parseJson(text)) ?? 'unreadable')
  } catch {
    return 'unreadable'
  }
}

/** A link that leads nowhere is there, too. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (cause) {
    if (errorCode(cause) === 'ENOTDIR') return false
    throw cause
  }
}

function parseState(value: unknown): State | null {
  if (!isObject(value)) return null
  const { version, migratingFrom } = value
  if (!isVersion(version)) return null
  if (migratingFrom === undefined) return { version }
  return isVersion(migratingFrom) && migratingFrom === version - 1 ? { version, migratingFrom } : null
}

const isVersion = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1

function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}
