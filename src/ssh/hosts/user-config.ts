import { chmodSync, lstatSync, readFileSync, statSync } from 'node:fs'
import { errorText } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import { replaceUserFile } from '../../node/data-folder/files/replace-file'
import { hostFilesText } from './host-files-text'

const MAX_BYTES = 1024 * 1024

/** The bytes of the person's `~/.ssh/config` as latin1; null: there is none. The error is a clause. */
export function readUserConfig(path: string): Result<string | null, string> {
  try {
    const link = lstatSync(path, { throwIfNoEntry: false })
    if (link === undefined) return ok(null)
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return fail(hostFilesText.brokenLink)
    if (!stat.isFile()) return fail(hostFilesText.noFile)
    return stat.size > MAX_BYTES ? fail(hostFilesText.tooLarge) : ok(readFileSync(path, 'latin1'))
  } catch (cause) {
    return fail(errorText(cause))
  }
}

/**
 * Replaces the text in one step, through a link to where the file is. Its mode stays. `before`: what was read; a file
 * that changed since is left alone, and so is one that the person wrote-protected. The error is a clause.
 */
export function writeUserConfig(path: string, before: string, text: string): Result<void, string> {
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat !== undefined) {
      // A rename would go past the first, and break the second and the third.
      if ((stat.mode & 0o200) === 0) return fail(hostFilesText.readOnly)
      if (stat.nlink > 1) return fail(hostFilesText.hardLinks)
      if (process.getuid !== undefined && stat.uid !== process.getuid()) return fail(hostFilesText.otherOwner)
    }
    const now = readUserConfig(path)
    if (!now.ok) return now
    if ((now.value ?? '') !== before) return fail(hostFilesText.changed)
    replaceUserFile(path, Buffer.from(text, 'latin1'))
    if (stat !== undefined) chmodSync(path, stat.mode & 0o777)
    return ok(undefined)
  } catch (cause) {
    return fail(errorText(cause))
  }
}
