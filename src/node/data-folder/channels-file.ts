import * as v from 'valibot'
import { errorText } from '../../core/base/text/error-text'
import { fail, type Result } from '../../core/base/result'
import { type Channel, MAX_CHANNELS } from '../../core/channels/channel'
import { parseChannels } from '../../core/channels/channel-codec'
import { fileStamp } from './files/file-stamp'
import { watchFile } from './files/watch-file'
import { changedTo, openSharedFile, sharedFileTexts } from './shared-file'

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

interface StoredChannels {
  readonly channels: readonly Channel[]
  readonly isDamaged?: boolean
  readonly isNewer?: boolean
}

export function openChannelsFile(folder: string): ChannelsFile {
  const file = openSharedFile<StoredChannels>({
    folder,
    name: 'channels.json',
    maxBytes: MAX_BYTES,
    empty: { channels: [] },
    schema: v.pipe(
      v.unknown(),
      v.transform((json): StoredChannels => parseChannels(json) ?? { channels: [], isNewer: true }),
    ),
    serialize: ({ channels }) => JSON.stringify({ version: 1, channels }, null, 2),
    isPartlyDamaged: ({ isDamaged }) => isDamaged === true,
    texts: sharedFileTexts('channels'),
  })
  let stamp: string | null | undefined
  let known: readonly Channel[] = []
  let problem: string | null = null

  function list(): readonly Channel[] {
    const stampNow = fileStamp(file.path)
    if (stampNow === stamp) return known
    stamp = stampNow
    try {
      const { value, isDamaged } = file.read()
      known = value.channels
      problem =
        value.isNewer === true
          ? NEWER
          : isDamaged
            ? `A part of ${file.path} can’t be read. The next change keeps a copy of the file.`
            : null
    } catch (cause) {
      // What was known goes on, and the next call reads again: a disk that fails must not silence alerts.
      stamp = undefined
      problem = `The channels can’t be read: ${errorText(cause)}`
    }
    return known
  }

  return {
    list,
    problem() {
      list()
      return problem
    },
    change: (make) =>
      file.change(({ channels, isNewer }) => {
        if (isNewer === true) return fail(NEWER)
        const next = make(channels)
        if (!next.ok) return next
        return next.value.length > MAX_CHANNELS
          ? fail(`There can be ${MAX_CHANNELS} channels at most. Remove one first.`)
          : changedTo({ channels: next.value })
      }),
    onChange: (listener) => watchFile(file.path, listener),
  }
}
