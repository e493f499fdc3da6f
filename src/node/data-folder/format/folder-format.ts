import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isObject, parseJson } from '../../../core/base/parse-json'
import { readDataFile } from '../files/read-data-file'
import { replaceFile, syncFolder } from '../files/replace-file'
import { toFormat2 } from './format-2'
import { backupFolder, type FolderFormat, type Migration } from './migration'

/** The format that this program reads and writes. A folder without `format.json` has version 1. */
export const presentFormat: FolderFormat = { version: 2, migrations: [toFormat2] }

interface State {
  readonly version: number
  /** Present while a migration is not complete: the version that its backup has. */
  readonly migratingFrom?: number
}

const statePath = (folder: string): string => join(folder, 'format.json')
/** It holds a few words. */
const MAX_STATE_BYTES = 64 * 1_024

/**
 * Why this program must neither write to the folder nor act on it, as sentences; null when it may. A file that
 * cannot be read counts as newer, because nothing is known of the format then. See docs/data-folder.md.
 */
export function formatProblem(folder: string, { version }: FolderFormat = presentFormat): string | null {
  const state = readState(folder)
  if (state !== null && state.version <= version) return null
  const found = state === null ? 'in a format that cannot be read' : `in format ${state.version}`
  return `The data folder is ${found}, and this version of Podkeeper supports format ${version}. Update Podkeeper; until then it is read-only.`
}

/**
 * Why a file must not be written now by a program that may not hold the lock, as sentences; null when it may. A folder
 * that is not migrated yet is still read by older programs, and what is written into it is lost with the migration.
 */
export function writeProblem(folder: string, format: FolderFormat = presentFormat): string | null {
  const problem = formatProblem(folder, format)
  const state = readState(folder)
  if (problem !== null || (state?.version === format.version && state.migratingFrom === undefined))
    return problem
  return `The data folder is not in format ${format.version} yet. It will be converted once no older Podkeeper is active on it.`
}

/**
 * Migrates the folder to `format`, with a backup of each version on the way. Only the holder of the folder's
 * lock may call it. A crash at any moment leaves a folder that the next call completes, and that programs of
 * the older format do not touch. Throws file system errors, and for a folder that cannot be migrated.
 */
export function migrateFolder(folder: string, { version, migrations }: FolderFormat = presentFormat): void {
  for (;;) {
    const state = readState(folder)
    const from = state?.migratingFrom ?? state?.version
    if (from === undefined || from >= version) return
    const migration = migrations.find((one) => one.from === from)
    if (!migration) throw new Error(`There is no way from format ${from} of the data folder.`)
    // Of nothing there is no backup. That of a migration that has begun must be there.
    if (
      state?.migratingFrom === undefined &&
      !migration.files.some((name) => existsSync(join(folder, name)))
    ) {
      writeState(folder, { version: from + 1 })
      continue
    }
    if (state?.migratingFrom === undefined) {
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
}

/** Appears as a whole. Repeated after a crash, because the files are unchanged until the state says otherwise. */
function backUp(folder: string, { from, files }: Migration): void {
  const backup = backupFolder(folder, from)
  const temporary = `${backup}.new`
  rmSync(temporary, { recursive: true, force: true })
  mkdirSync(temporary, { recursive: true, mode: 0o700 })
  for (const name of files)
    if (existsSync(join(folder, name))) replaceFile(join(temporary, name), readFileSync(join(folder, name)))
  rmSync(backup, { recursive: true, force: true })
  renameSync(temporary, backup)
  syncFolder(dirname(backup))
}

const writeState = (folder: string, state: State): void =>
  replaceFile(statePath(folder), `${JSON.stringify(state)}\n`)

/** Null when the file is there and cannot be read. */
function readState(folder: string): State | null {
  try {
    const text = readDataFile(statePath(folder), MAX_STATE_BYTES)
    if (text === null) return { version: 1 }
    return parseState(parseJson(text))
  } catch {
    return null
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
