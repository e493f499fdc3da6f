import * as v from 'valibot'
import type { SeenFeed } from '../../core/updates/release-feed'
import { updatesText } from '../../core/updates/updates-text'
import { VERSION } from '../../core/updates/version'
import { ok } from '../../core/base/result'
import { openSharedFile, sharedFileTexts } from '../../node/data-folder/shared-file'

const schema = v.object({
  version: v.literal(1),
  newestSeen: v.nullable(
    v.object({ signedAtMs: v.pipe(v.number(), v.finite()), version: v.pipe(v.string(), v.regex(VERSION)) }),
  ),
  /** The version that started last. Absent: written by one that didn't save it. */
  lastVersion: v.optional(v.pipe(v.string(), v.regex(VERSION))),
})

type Content = v.InferOutput<typeof schema>

/** What is remembered of releases across runs, in `updates.json` of the data folder. */
export interface UpdatesFile {
  /** Null: none was seen, or the file is lost. */
  readonly newestSeen: () => SeenFeed | null
  readonly saveSeen: (seen: SeenFeed) => void
  /** Remembers the version that starts, and returns the one that started before. Null: none is known. */
  readonly startVersion: (version: string) => string | null
}

/** What can't be saved is reported, and counts for this run. */
export function openUpdatesFile(folder: string, report: (text: string) => void): UpdatesFile {
  const file = openSharedFile<Content>({
    folder,
    name: 'updates.json',
    maxBytes: 10_000,
    empty: { version: 1, newestSeen: null },
    schema,
    serialize: (content) => JSON.stringify(content),
    whenDamaged: 'replaced',
    texts: sharedFileTexts(updatesText.file),
  })
  function save(update: (content: Content) => Content): void {
    const saved = file.change((content) => ok({ next: update(content), result: undefined }))
    if (!saved.ok) report(saved.error)
  }

  return {
    newestSeen: () => file.read().value.newestSeen,
    saveSeen(seen) {
      save((content) => {
        const { newestSeen } = content
        const isKnown = newestSeen?.signedAtMs === seen.signedAtMs && newestSeen.version === seen.version
        return isKnown ? content : { ...content, newestSeen: seen }
      })
    },
    startVersion(version) {
      const { lastVersion } = file.read().value
      if (lastVersion !== version && VERSION.test(version))
        save((content) => ({ ...content, lastVersion: version }))
      return lastVersion ?? null
    },
  }
}
