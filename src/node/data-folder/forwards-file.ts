import type { Result } from '../../core/base/result'
import {
  type PortForward,
  type SavedForward,
  savedForwardsSchema,
  withForwards,
} from '../../core/ports/port-forward'
import { fileStamp } from './files/file-stamp'
import { changedTo, openSharedFile, sharedFileTexts } from './shared-file'

const MAX_BYTES = 1_024 * 1_024

/** The forwards of the pods of a data folder, in `forwards.json`, shared by all of its programs. */
export interface ForwardsFile {
  /** Those of all pods; none where the file can't be read. */
  all(): readonly SavedForward[]
  /** Those of a pod. */
  list(accountId: string, podId: string): readonly PortForward[]
  /** Replaces those of a pod. The error is a sentence. */
  save(accountId: string, podId: string, forwards: readonly PortForward[]): Result<void, string>
  /** The same by what is saved at that moment, of which other programs may have changed something. */
  change(
    accountId: string,
    podId: string,
    next: (saved: readonly PortForward[]) => readonly PortForward[],
  ): Result<void, string>
}

export function openForwardsFile(folder: string): ForwardsFile {
  const file = openSharedFile<readonly SavedForward[]>({
    folder,
    name: 'forwards.json',
    maxBytes: MAX_BYTES,
    empty: [],
    schema: savedForwardsSchema,
    serialize: (forwards) => JSON.stringify({ version: 1, forwards }),
    texts: sharedFileTexts('forwards'),
  })
  let stamp: string | null = null
  let known: readonly SavedForward[] = []

  function all(): readonly SavedForward[] {
    const stampNow = fileStamp(file.path)
    if (stampNow === stamp) return known
    try {
      known = file.read().value
      stamp = stampNow
    } catch {
      known = []
    }
    return known
  }

  const isOf =
    (accountId: string, podId: string) =>
    (one: SavedForward): boolean =>
      one.accountId === accountId && one.podId === podId

  const change: ForwardsFile['change'] = (accountId, podId, next) =>
    file.change((saved) => {
      const forwards = next(saved.filter(isOf(accountId, podId)))
      return changedTo(withForwards(saved, accountId, podId, forwards))
    })

  return {
    all,
    list: (accountId, podId) => all().filter(isOf(accountId, podId)),
    save: (accountId, podId, forwards) => change(accountId, podId, () => forwards),
    change,
  }
}
