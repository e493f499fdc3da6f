import { fail, ok, type Result } from '../../core/base/result'
import { errorText, fileNotWritten } from '../../core/base/text/error-text'
import { openUserFile, type UserFileWriter } from '../../node/data-folder/files/replace-file'
import type { LogFile } from '../../shared/requests/pod/log-requests'
import { logText } from './log-text'

/** The file that a log is saved to. Main asks for it, so that a window cannot choose a path. */
export interface LogFiles {
  /** Null: canceled. An earlier file that was not finished is given up. */
  choose(podName: string): Promise<Result<LogFile | null, string>>
  append(fileId: number, text: string): Result<void, string>
  finish(fileId: number, isComplete: boolean): Result<void, string>
  /** Gives up what is not finished. */
  close(): void
}

const MAX_CHARS = 512 * 1024 * 1024

interface OpenLogFile extends LogFile {
  readonly writer: UserFileWriter
  chars: number
}

/** `choosePath`: asks where to save, with a suggested name; null when canceled. */
export function createLogFiles(
  choosePath: (suggestedName: string) => Promise<string | null>,
  nowMs: () => number,
): LogFiles {
  let open: OpenLogFile | null = null
  let lastId = 0
  /** Changes when the window is lost, which may be while its dialog is open. */
  let closedCount = 0

  function giveUp(): void {
    open?.writer.discard()
    open = null
  }

  const take = (fileId: number): Result<OpenLogFile, string> =>
    open?.fileId === fileId ? ok(open) : fail(logText.notWriting)
  const failed = (path: string, cause: unknown): Result<never, string> =>
    fail(fileNotWritten(path, errorText(cause)))

  return {
    async choose(podName) {
      const before = closedCount
      const path = await choosePath(suggestedName(podName, nowMs()))
      // Whoever asked may be gone by now, and would never write it.
      if (path === null || before !== closedCount) return ok(null)
      giveUp()
      try {
        const fileId = (lastId += 1)
        open = { fileId, path, writer: openUserFile(path), chars: 0 }
        return ok({ fileId, path })
      } catch (cause) {
        return failed(path, cause)
      }
    },
    append(fileId, text) {
      const file = take(fileId)
      if (!file.ok) return file
      file.value.chars += text.length
      try {
        if (file.value.chars > MAX_CHARS) throw new Error('it would be larger than 512 MB')
        return ok(file.value.writer.append(text))
      } catch (cause) {
        giveUp()
        return failed(file.value.path, cause)
      }
    },
    finish(fileId, isComplete) {
      const file = take(fileId)
      if (!file.ok) return file
      if (!isComplete) return ok(giveUp())
      open = null
      try {
        return ok(file.value.writer.finish())
      } catch (cause) {
        return failed(file.value.path, cause)
      }
    },
    close() {
      closedCount += 1
      giveUp()
    },
  }
}

/** "llama-70b-log-2026-11-24.txt": a name from outside must not become a path. */
function suggestedName(podName: string, nowMs: number): string {
  const name = podName
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  return `${name === '' ? 'pod' : name}-log-${new Date(nowMs).toISOString().slice(0, 10)}.txt`
}
