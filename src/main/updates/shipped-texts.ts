import { errorText } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import { readReleaseNotes } from '../../core/updates/release-notes'
import { updatesText } from '../../core/updates/updates-text'
import type { HandlersOf } from '../../shared/ipc'
import type { UpdateRequests } from '../../shared/requests/update-requests'

/** A text that the build contains. */
export type ReadShippedText = (name: 'licenses.txt' | 'changelog.md') => Promise<string>

/** Answers what this build says of its parts and of its version. */
export function createShippedTexts(
  read: ReadShippedText,
  version: string,
): HandlersOf<Pick<UpdateRequests, 'licenses' | 'releaseNotes'>> {
  async function textOf(name: Parameters<ReadShippedText>[0]): Promise<Result<string, string>> {
    try {
      return ok(await read(name))
    } catch (cause) {
      return fail(errorText(cause))
    }
  }
  return {
    licenses: () => textOf('licenses.txt'),
    async releaseNotes() {
      const changelog = await textOf('changelog.md')
      if (!changelog.ok) return changelog
      const notes = readReleaseNotes(changelog.value, version)
      return notes === null ? fail(updatesText.noNotes) : ok(notes)
    },
  }
}
