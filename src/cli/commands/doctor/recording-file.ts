import { existsSync } from 'node:fs'
import { errorText } from '../../../core/base/text/error-text'
import type { Recording } from '../../../core/doctor/recording/recording'
import { openUserFile } from '../../../node/data-folder/files/replace-file'
import { CliExit, exitCodes } from '../../output/exit'
import { doctorText } from './doctor-text'

export interface RecordingFile {
  /** Puts the recording in its place; readers find all of it or nothing. Throws a `CliExit`. */
  readonly write: (recording: Recording) => void
  /** Nothing is left, unless it was written. */
  readonly close: () => void
}

/** Opens a new file that only this user can read. Throws a `CliExit` before anything is asked if it can't be written. */
export function openRecordingFile(path: string): RecordingFile {
  if (existsSync(path)) throw new CliExit(exitCodes.failed, doctorText.fileExists(path))
  const file = open(path)
  let isOpen = true
  return {
    write(recording) {
      try {
        file.append(`${JSON.stringify(recording, null, 1)}\n`)
        if (existsSync(path)) throw new Error(doctorText.appeared)
        isOpen = false
        file.finish()
      } catch (cause) {
        throw new CliExit(exitCodes.failed, doctorText.notWritten(path, errorText(cause)))
      }
    },
    close() {
      if (isOpen) file.discard()
      isOpen = false
    },
  }
}

function open(path: string): ReturnType<typeof openUserFile> {
  try {
    return openUserFile(path)
  } catch (cause) {
    throw new CliExit(exitCodes.failed, doctorText.notWritable(path, errorText(cause)))
  }
}
