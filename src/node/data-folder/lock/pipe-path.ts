import { randomBytes } from 'node:crypto'
import { linkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../files/error-code'
import { makeFolder } from '../files/private-folder'
import { readDataFile } from '../files/read-data-file'

/*
 * Windows: where the holder of a data folder listens. All users of a computer share the names of pipes, so the name is
 * random and stored in the data folder: no other program can take it first and be asked in the holder's place.
 */

const MAX_NAME_BYTES = 1_024

/** The pipe of the data folder; null where nobody ever held it. Throws file system errors. */
export function readPipePath(dataFolder: string): string | null {
  const name = readDataFile(nameFile(dataFolder), MAX_NAME_BYTES)?.trim() ?? ''
  return /^[\da-f]{32}$/.test(name) ? `\\\\.\\pipe\\podkeeper-${name}` : null
}

/** The pipe of the data folder, with a new name unless there is one. Throws file system errors. */
export function claimPipePath(dataFolder: string): string {
  makeFolder(join(dataFolder, 'writer'))
  const present = readPipePath(dataFolder)
  if (present !== null) return present
  // What is there is no name, so nobody listens by it.
  rmSync(nameFile(dataFolder), { force: true })
  const temporary = `${nameFile(dataFolder)}.${randomBytes(4).toString('hex')}`
  try {
    writeFileSync(temporary, randomBytes(16).toString('hex'), { mode: 0o600, flag: 'wx' })
    // Of several programs that make a name at once, one wins.
    linkSync(temporary, nameFile(dataFolder))
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw cause
  } finally {
    rmSync(temporary, { force: true })
  }
  const made = readPipePath(dataFolder)
  if (made === null) throw new Error(`${nameFile(dataFolder)} cannot be written.`)
  return made
}

const nameFile = (dataFolder: string): string => join(dataFolder, 'writer', 'pipe')
