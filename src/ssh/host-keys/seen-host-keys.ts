import * as v from 'valibot'
import { ok } from '../../core/base/result'
import type { AccountId, PodId } from '../../core/pods/pod'
import type { HostKeyView } from '../../core/terminal/host-key'
import {
  type HostKeyObservation,
  mayBeAccepted,
  type SeenHostKey,
  withObservation,
} from '../../core/terminal/seen-host-key'
import { writeProblem } from '../../node/data-folder/format/folder-format'
import { openSharedFile, sharedFileTexts } from '../../node/data-folder/shared-file'

/** Those seen last are kept. */
const MAX_SEEN = 2_000
const MAX_BYTES = 4 * 1_024 * 1_024

const shortText = v.pipe(v.string(), v.nonEmpty(), v.maxLength(300))
const timeMs = v.pipe(v.number(), v.finite())
const fileSchema = v.object({
  version: v.literal(1),
  pods: v.array(
    v.object({
      accountId: shortText,
      podId: shortText,
      startedAtMs: timeMs,
      key: v.object({ algorithm: shortText, fingerprint: shortText }),
      isAsked: v.boolean(),
      acceptedAtMs: v.nullable(timeMs),
      hasChanged: v.nullable(v.boolean()),
    }),
  ),
})

/** The keys that pods showed first after their latest start, in a file that all programs of a data folder share. */
export interface SeenHostKeys {
  /** Null: none was seen, or the file can't be read. */
  find(accountId: AccountId, podId: PodId): SeenHostKey | null
  /** See `withObservation`. Without an effect where the file can't be written. */
  observe(observation: HostKeyObservation, trusted: HostKeyView | null): void
  /** Accepts the key for jobs if it may be; false: it may not, or that could not be saved. */
  accept(observation: HostKeyObservation, nowMs: number): boolean
}

export interface SeenHostKeysOptions {
  /** The data folder. */
  readonly folder: string
  /** Receives a sentence about a file that could not be written, once. */
  readonly onProblem: (text: string) => void
}

/** In `seen-host-keys.json`. */
export function openSeenHostKeys({ folder, onProblem }: SeenHostKeysOptions): SeenHostKeys {
  const file = openSharedFile<readonly SeenHostKey[]>({
    folder,
    name: 'seen-host-keys.json',
    maxBytes: MAX_BYTES,
    empty: [],
    schema: v.pipe(
      fileSchema,
      v.transform(({ pods }) => pods),
    ),
    serialize: (pods) => JSON.stringify({ version: 1, pods }),
    texts: sharedFileTexts('host keys'),
  })
  let hasFailed = false

  const isOf =
    (accountId: AccountId, podId: PodId) =>
    (one: SeenHostKey): boolean =>
      one.accountId === accountId && one.podId === podId

  function find(accountId: AccountId, podId: PodId): SeenHostKey | null {
    try {
      return file.read().value.find(isOf(accountId, podId)) ?? null
    } catch {
      return null
    }
  }

  /** Whether the entry of the pod is saved as `next` returns it; null: it stays as it is, which counts as refused. */
  function change(
    { accountId, podId }: HostKeyObservation,
    next: (before: SeenHostKey | null) => SeenHostKey | null,
  ): boolean {
    // Who only shows this folder is told elsewhere.
    if (writeProblem(folder) !== null) return false
    const changed = file.change((all) => {
      const before = all.find(isOf(accountId, podId)) ?? null
      const after = next(before)
      if (after === null || after === before) return ok({ next: all, result: after !== null })
      const others = all.filter((one) => one !== before)
      return ok({ next: [...others, after].slice(-MAX_SEEN), result: true })
    })
    if (!changed.ok && !hasFailed)
      onProblem(`The host keys that pods showed (${file.path}) could not be written.`)
    hasFailed = !changed.ok
    return changed.ok && changed.value
  }

  return {
    find,
    observe(observation, trusted) {
      const before = find(observation.accountId, observation.podId)
      if (withObservation(before, observation, trusted) !== before)
        change(observation, (now) => withObservation(now, observation, trusted))
    },
    accept: (observation, nowMs) =>
      change(observation, (seen) =>
        mayBeAccepted(seen, observation) && seen ? { ...seen, acceptedAtMs: nowMs } : null,
      ),
  }
}
