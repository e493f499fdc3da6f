import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { parseJson } from '../../core/base/parse-json'
import { fail, ok, type Result } from '../../core/base/result'
import { type Channel, MAX_CHANNELS } from '../../core/channels/channel'
import { parseChannels } from '../../core/channels/channel-codec'
import { copyAside } from './files/copy-aside'
import { withFileLock } from './files/file-lock'
import { fileStamp } from './files/file-stamp'
import { readDataFile } from './files/read-data-file'
import { replaceFile } from './files/replace-file'
import { watchFile } from './files/watch-file'
import { writeProblem } from './format/folder-format'

const MAX_BYTES = 1_024 * 1_024

/**
 * The channels of a data folder, in `channels.json`, shared by all of its programs: any of them changes it, and the
 * others notice. Addresses are elsewhere. Errors are sentences.
 */
export interface ChannelsFile {
  /** As they are in the file now. What can't be read is left out. */
  readonly list: () => readonly Channel[]
  /** Why a part of the file, or all of it, can't be used; null: all can. */
  readonly problem: () => string | null
  readonly change: (
    make: (channels: readonly Channel[]) => Result<readonly Channel[], string>,
  ) => Result<void, string>
  /** Calls back soon after another program changed the file. */
  readonly onChange: (listener: () => void) => void
}

const NEWER = 'A newer version of Podkeeper wrote the channels. Update Podkeeper to use them.'

export function openChannelsFile(folder: string): ChannelsFile {
  const path = join(folder, 'channels.json')
  let stamp: string | null | undefined
  let channels: readonly Channel[] = []
  let problem: string | null = null

  function read(): { readonly channels: readonly Channel[]; readonly isDamaged: boolean } | null {
    const text = readDataFile(path, MAX_BYTES)
    return text === null ? { channels: [], isDamaged: false } : parseChannels(parseJson(text))
  }

  function list(): readonly Channel[] {
    const stampNow = fileStamp(path)
    if (stampNow === stamp) return channels
    stamp = stampNow
    try {
      const found = read()
      channels = found?.channels ?? []
      problem =
        found === null
          ? NEWER
          : found.isDamaged
            ? `A part of ${path} can’t be read. The next change keeps a copy of the file.`
            : null
    } catch (cause) {
      // What was known goes on, and the next call reads again: a disk that fails must not silence alerts.
      stamp = undefined
      problem = `The channels can’t be read: ${errorText(cause)}`
    }
    return channels
  }

  return {
    list,
    problem() {
      list()
      return problem
    },
    change(make) {
      const refusal = writeProblem(folder)
      if (refusal !== null) return fail(refusal)
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        const done = withFileLock(`${path}.lock`, (lock): Result<void, string> => {
          const found = read()
          if (found === null) return fail(NEWER)
          const next = make(found.channels)
          if (!next.ok) return next
          if (next.value.length > MAX_CHANNELS)
            return fail(`There can be ${MAX_CHANNELS} channels at most. Remove one first.`)
          if (found.isDamaged) copyAside(path)
          if (!lock.isHeld()) return fail('Another Podkeeper is changing the channels. Try again.')
          replaceFile(path, `${JSON.stringify({ version: 1, channels: next.value }, null, 2)}\n`)
          return ok(undefined)
        })
        return done.ok ? done.value : fail(`The channels could not be saved: ${done.error}.`)
      } catch (cause) {
        return fail(`The channels could not be saved: ${errorText(cause)}.`)
      }
    },
    onChange: (listener) => watchFile(path, listener),
  }
}
