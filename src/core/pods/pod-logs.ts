export const logSources = ['container', 'system'] as const

/** What a pod's container prints, or what its host says of it: pull, create, start. */
export type LogSource = (typeof logSources)[number]

/** The most lines that a provider is asked for at once. */
export const MAX_TAIL = 5_000

/** A line as the provider sent it. Its text is anything, control sequences included, and has no line breaks. */
export interface RawLogLine {
  /** By which reading goes on after it: printable ASCII. Null: it has none. */
  readonly id: string | null
  readonly source: LogSource
  /** Unix ms; null when it could not be read. */
  readonly atMs: number | null
  readonly text: string
  /** Its end is left out, because it is too long. */
  readonly isCut?: boolean
}

export interface LogQuery {
  /** Null: both. */
  readonly source: LogSource | null
  /** How many past lines, 0 to `MAX_TAIL`. */
  readonly tail: number
  /** Lines from this time on, Unix ms; null: the last `tail` lines. */
  readonly sinceMs: number | null
  /** Lines after this one, whatever `tail` and `sinceMs` say. */
  readonly afterId: string | null
}

/**
 * Why a stream of lines ended: the server ended it, its connection broke, no event came for a minute, it was longer than
 * one stream may be, or it was closed from here.
 */
export type LogStreamEnd = 'ended' | 'cut' | 'silent' | 'full' | 'closed'

export interface LogStreamHandlers {
  /** The server has accepted the request. */
  readonly onOpen: () => void
  /** Nothing more is read until the promise resolves. */
  readonly onLines: (lines: readonly RawLogLine[], unreadableCount: number) => void | Promise<void>
}
