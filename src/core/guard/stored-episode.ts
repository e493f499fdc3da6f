import * as v from 'valibot'
import type { AccountId, PodId } from '../pods/pod'

/** An idle episode as the programs of a data folder share it. Times are Unix ms. */
export interface StoredEpisode {
  readonly accountId: AccountId
  readonly podId: PodId
  readonly podStartedAtMs: number | null
  /** Its first idle sample in the program that saw it first. */
  readonly nameMs: number
  readonly lastIdleAtMs: number
}

const time = v.pipe(v.number(), v.finite())
const episodesSchema = v.array(
  v.object({
    accountId: v.string(),
    podId: v.string(),
    podStartedAtMs: v.nullable(time),
    nameMs: time,
    lastIdleAtMs: time,
  }),
)

/** Parses episodes read from a file; empty when it is malformed. */
export function parseStoredEpisodes(value: unknown): readonly StoredEpisode[] {
  const parsed = v.safeParse(episodesSchema, value)
  return parsed.success ? parsed.output : []
}
