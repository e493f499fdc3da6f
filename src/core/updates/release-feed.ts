import * as v from 'valibot'
import { parseJson } from '../base/parse-json'
import { fail, ok, type Result } from '../base/result'
import { DAY_MS } from '../base/time/time'
import { isNewerVersion, VERSION } from './version'

/*
 * The feed of releases: what is released until when one may believe it, as a text that is signed. The text is part of
 * the file, so that a signature and another text can't be mixed. See docs/product-rules.md#17-updates.
 */

/** What the app can update itself with: one file for each. */
export const updateTargets = ['darwin-arm64', 'darwin-x64', 'win32-arm64', 'win32-x64'] as const
export type UpdateTarget = (typeof updateTargets)[number]

const DAY = /^\d{4}-\d\d-\d\d$/
/** Far more than a feed of a hundred releases has. */
export const MAX_FEED_CHARS = 512 * 1024

const momentSchema = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/))

const fileSchema = v.object({
  name: v.pipe(v.string(), v.regex(/^[\w.+~-]{1,120}$/)),
  sizeBytes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER)),
  /** In hexadecimal. */
  sha256: v.pipe(v.string(), v.regex(/^[\da-f]{64}$/)),
  /** Which app updates itself with it. Absent: none. */
  target: v.optional(v.picklist(updateTargets)),
})

const releaseSchema = v.object({
  version: v.pipe(v.string(), v.regex(VERSION)),
  /** "2026-12-03". */
  date: v.pipe(v.string(), v.regex(DAY)),
  /** Where a person reads about it and gets it. */
  page: v.pipe(v.string(), v.maxLength(500), v.regex(/^https:\/\/[\w.-]+(:\d{1,5})?(\/[\w.~%/+-]*)?$/)),
  files: v.pipe(v.array(fileSchema), v.maxLength(100)),
})

const feedSchema = v.object({
  /** Of two feeds, the one that was signed later counts. */
  signedAt: momentSchema,
  /** Nothing of the feed counts from then on. */
  expiresAt: momentSchema,
  releases: v.pipe(v.array(releaseSchema), v.minLength(1), v.maxLength(500)),
  /** The oldest Electron without known security faults. Absent: not said. */
  oldestSafeElectron: v.optional(v.pipe(v.string(), v.regex(VERSION))),
})

const signedSchema = v.object({
  /** The JSON of the feed. */
  feed: v.string(),
  /** Of `signedText(feed)`, by Ed25519, in base64. */
  signature: v.pipe(v.string(), v.regex(/^[\w+/]{86}==$/)),
})

export type ReleaseFile = Readonly<v.InferOutput<typeof fileSchema>>
export type Release = Readonly<Omit<v.InferOutput<typeof releaseSchema>, 'files'>> & {
  readonly files: readonly ReleaseFile[]
}

export interface ReleaseFeed {
  /** Unix ms. */
  readonly signedAtMs: number
  /** Unix ms. */
  readonly expiresAtMs: number
  readonly releases: readonly Release[]
  readonly oldestSafeElectron: string | null
}

/** What is remembered of the newest feed that counted, so that no older one takes its place. */
export interface SeenFeed {
  /** Unix ms. */
  readonly signedAtMs: number
  /** The highest that it named. */
  readonly version: string
}

/** `foreign`: signed by nobody or by someone else, or changed since. `older`: a newer one was seen. */
export type FeedRefusal = 'unreadable' | 'foreign' | 'expired' | 'from-future' | 'older'

export interface FeedReader {
  /** Unix ms. */
  readonly nowMs: number
  /** Null: none was seen. */
  readonly newestSeen: SeenFeed | null
  /** Whether the signature, in base64, is one of this text by the key of this build. */
  readonly isSigned: (text: string, signature: string) => boolean
}

/** What is signed: no signature of anything else by the same key is one of a feed. */
export const signedText = (feed: string): string => `podkeeper releases\n${feed}`

/** Reads a feed, of which nothing counts before its signature was verified. Never throws. */
export function readReleaseFeed(
  text: string,
  { nowMs, newestSeen, isSigned }: FeedReader,
): Result<ReleaseFeed, FeedRefusal> {
  if (text.length > MAX_FEED_CHARS) return fail('unreadable')
  const signed = v.safeParse(signedSchema, parseJson(text))
  if (!signed.success) return fail('unreadable')
  const { feed, signature } = signed.output
  if (!isSigned(signedText(feed), signature)) return fail('foreign')
  const parsed = v.safeParse(feedSchema, parseJson(feed))
  if (!parsed.success) return fail('unreadable')
  const { releases } = parsed.output
  const [signedAtMs, expiresAtMs] = [Date.parse(parsed.output.signedAt), Date.parse(parsed.output.expiresAt)]
  if (Number.isNaN(signedAtMs) || Number.isNaN(expiresAtMs)) return fail('unreadable')
  if (nowMs >= expiresAtMs) return fail('expired')
  // It would keep every later one out.
  if (signedAtMs > nowMs + DAY_MS) return fail('from-future')
  const read = {
    signedAtMs,
    expiresAtMs,
    releases,
    oldestSafeElectron: parsed.output.oldestSafeElectron ?? null,
  }
  return newestSeen !== null && isOlder(seenOf(read), newestSeen) ? fail('older') : ok(read)
}

export function seenOf({ signedAtMs, releases }: ReleaseFeed): SeenFeed {
  const [first = '', ...others] = releases.map(({ version }) => version)
  return { signedAtMs, version: others.reduce((a, b) => (isNewerVersion(b, a) ? b : a), first) }
}

/** A later feed may withdraw a release. */
const isOlder = (feed: SeenFeed, than: SeenFeed): boolean =>
  feed.signedAtMs < than.signedAtMs ||
  (feed.signedAtMs === than.signedAtMs && isNewerVersion(than.version, feed.version))

/** The newest release, if it is newer than this version; otherwise null, so never a downgrade. */
export function newerRelease({ releases }: ReleaseFeed, version: string): Release | null {
  let newest: Release | null = null
  for (const release of releases)
    if (isNewerVersion(release.version, newest?.version ?? version)) newest = release
  return newest
}
