import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { HistoryFiles } from '../../../core/history/history-files'
import { accountFolder } from '../files/account-folder'
import { errorCode } from '../files/error-code'
import { isDataFile } from '../files/read-data-file'
import { replaceFile } from '../files/replace-file'
import { makeFolders } from '../files/private-folder'

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

/** More than the largest file of a history has. */
const MAX_FILE_BYTES = 1_024 * 1_024 * 1_024

/** The folder with the history of an account's pods. */
export const historyFolder = (dataFolder: string, accountId: string): string =>
  accountFolder(dataFolder, 'history', accountId)

/** The accounts that have a history, also those that no program has a key for. Throws file system errors. */
export function historyAccountIds(dataFolder: string): readonly string[] {
  try {
    return readdirSync(join(dataFolder, 'history'))
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return []
    throw cause
  }
}

/** The history of an account in `folder`, which is created by the first write. */
export function openHistoryFiles(folder: string, mayWrite: () => boolean): HistoryFiles {
  const pathOf = (name: string): string => join(folder, name)
  return {
    mayWrite,
    list() {
      try {
        return readdirSync(folder)
      } catch (cause) {
        if (errorCode(cause) === 'ENOENT') return []
        throw cause
      }
    },
    read(name, offset, length) {
      if (!isDataFile(pathOf(name), MAX_FILE_BYTES)) return null
      const file = openSync(pathOf(name), 'r')
      try {
        const bytes = Buffer.alloc(Math.max(0, Math.min(length, fstatSync(file).size - offset)))
        const count = readSync(file, bytes, 0, bytes.length, offset)
        return new Uint8Array(bytes.subarray(0, count))
      } finally {
        closeSync(file)
      }
    },
    replace: (name, bytes) => replaceFile(pathOf(name), bytes),
    append(name, bytes) {
      makeFolders(folder)
      const file = openSync(pathOf(name), 'a', 0o600)
      try {
        const { size } = fstatSync(file)
        try {
          writeFileSync(file, bytes)
        } catch (cause) {
          // On a full disk a part may have been written. If it stays, it is a frame that is not whole.
          if (size === 0) rmSync(pathOf(name), { force: true })
          else ftruncateSync(file, size)
          throw cause
        }
      } finally {
        closeSync(file)
      }
    },
    remove: (name) => rmSync(pathOf(name), { force: true }),
    compress: async (bytes) => new Uint8Array(await deflate(bytes)),
    expand: async (bytes, maxOutputLength) => new Uint8Array(await inflate(bytes, { maxOutputLength })),
  }
}
