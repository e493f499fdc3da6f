import * as v from 'valibot'
import type { Result } from '../../core/base/result'
import {
  type HeartbeatTarget,
  MAX_HEARTBEAT_MINUTES,
  MIN_HEARTBEAT_MINUTES,
} from '../../core/channels/heartbeat'
import { changedTo, openSharedFile, sharedFileTexts } from './shared-file'

const schema = v.object({
  version: v.literal(1),
  heartbeat: v.nullable(
    v.object({
      url: v.pipe(v.string(), v.url(), v.maxLength(1_000)),
      everyMinutes: v.pipe(v.number(), v.minValue(MIN_HEARTBEAT_MINUTES), v.maxValue(MAX_HEARTBEAT_MINUTES)),
    }),
  ),
})

/** The dead-man's switch of a data folder, in `heartbeat.json`, which only this user can read. */
export interface HeartbeatFile {
  /** The error is a sentence. */
  readonly load: () => Result<HeartbeatTarget | null, string>
  /** The error is a sentence, and nothing changed. */
  readonly save: (target: HeartbeatTarget | null) => Result<void, string>
}

export function openHeartbeatFile(folder: string): HeartbeatFile {
  const file = openSharedFile<HeartbeatTarget | null>({
    folder,
    name: 'heartbeat.json',
    maxBytes: 10_000,
    empty: null,
    schema: v.pipe(
      schema,
      v.transform(({ heartbeat }) => heartbeat),
    ),
    serialize: (heartbeat) => JSON.stringify({ version: 1, heartbeat }),
    texts: sharedFileTexts('settings of the dead-man’s switch'),
  })
  return { load: () => file.load(), save: (target) => file.change(() => changedTo(target)) }
}
