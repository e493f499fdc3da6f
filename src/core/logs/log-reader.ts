import type { Clock } from '../base/time/clock'
import { fail, ok, type Result } from '../base/result'
import { MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { PodId } from '../pods/pod'
import type { LogSource, LogStreamEnd, RawLogLine } from '../pods/pod-logs'
import type { LogStream, Provider, ProviderError } from '../pods/provider'
import { cleanLine } from './clean-line'
import type { LogLine } from './log-line'
import { logErrorText } from './log-text'
import { createSecretMask, type SecretMask } from './secret-mask'
import { secretsOf } from './secrets'

/** How many of the latest lines are known again. A stream that is resumed repeats few. */
const MEMORY_LINES = 20_000

/**
 * Whether a line is new: none of the latest lines has its id (or its time), its source and its text. Lines with neither
 * id nor time are always new.
 */
export function createDuplicateFilter(memoryLines = MEMORY_LINES): (line: RawLogLine) => boolean {
  let recent = new Set<string>()
  /** Forgotten once `recent` is full, which takes its place. */
  let earlier = new Set<string>()
  return ({ id, atMs, source, text }) => {
    if (id === null && atMs === null) return true
    const key = `${id ?? String(atMs)} ${source} ${text}`
    if (recent.has(key) || earlier.has(key)) return false
    recent.add(key)
    if (recent.size >= memoryLines) {
      earlier = recent
      recent = new Set()
    }
    return true
  }
}

export type LogReaderState =
  | { readonly kind: 'opening' }
  /** Lines arrive as they appear. */
  | { readonly kind: 'live'; readonly areSecretsHidden: boolean }
  /** It is opened anew at this time, Unix ms. Null `why`, and no `error`: the stream ended. */
  | {
      readonly kind: 'waiting'
      readonly untilMs: number
      readonly why: string | null
      readonly error?: ProviderError
    }
  /** It cannot be read, and that will not change. */
  | { readonly kind: 'failed'; readonly error: ProviderError; readonly why: string }

export interface LogReaderOptions {
  readonly provider: Pick<Provider, 'streamLogs' | 'readPodConfiguration'>
  readonly podId: PodId
  readonly clock: Clock
  /** 0 ≤ random < 1. */
  readonly random: () => number
  /** Null: both. */
  readonly source: LogSource | null
  /** Past lines to begin with. */
  readonly tail: number
  /** Unix ms; null: no matter when. */
  readonly sinceMs: number | null
  /** Where an earlier reader of this log ended; `tail` and `sinceMs` don't count then. */
  readonly after?: { readonly id: string | null; readonly atMs: number | null } | null
  /** Nothing more is read until the promise resolves. `leftOutCount`: lines that could not be read. */
  readonly onLines: (lines: readonly LogLine[], leftOutCount: number) => void | Promise<void>
  readonly onState: (state: LogReaderState) => void
}

/** Follows the log of one pod until it is closed, whatever happens to the connection. */
export interface LogReader {
  close(): void
}

const FIRST_PAUSE_MS = SECOND_MS
const LONGEST_PAUSE_MS = MINUTE_MS
/** The log of a new pod may not be there yet. */
const MAX_NOT_FOUND = 3
/** The environment is read again after so long, since an edit can change it. */
const CONFIGURATION_AGE_MS = 10 * MINUTE_MS

const finalKinds: readonly ProviderError['kind'][] = ['unauthorized', 'forbidden', 'gone', 'invalid']

/**
 * Opens the log, and opens it anew after what it read last whenever the stream ends. Lines are safe to show, come once,
 * and hide the secrets of the pod's environment, which is read first. See docs/product-rules.md#104-logs.
 */
export function openLogReader(options: LogReaderOptions): LogReader {
  const { provider, podId, clock, onState } = options
  const isNew = createDuplicateFilter()
  let mask: { readonly hide: SecretMask; readonly areKnown: boolean; readonly atMs: number } | null = null
  let stream: LogStream | null = null
  let cancelPause = (): void => {}
  let isClosed = false
  let lastId = options.after?.id ?? null
  let lastAtMs = options.after?.atMs ?? null
  /** Streams in a row that brought no line. */
  let idleStreams = 0
  let notFoundCount = 0

  async function readSecrets(): Promise<Result<SecretMask, ProviderError>> {
    const nowMs = clock.now().monotonicMs
    if (mask !== null && nowMs - mask.atMs < CONFIGURATION_AGE_MS) return ok(mask.hide)
    const read = (await provider.readPodConfiguration?.(podId)) ?? null
    // Without its environment nothing is known to hide. What was known before is still hidden.
    if (read?.ok === false && read.error.kind !== 'unreadable') return mask === null ? read : ok(mask.hide)
    const environment = read?.ok === true ? read.value.environment : null
    if (environment === null && mask !== null) return ok(mask.hide)
    const hide = createSecretMask(environment === null ? [] : secretsOf(environment))
    mask = { hide, areKnown: environment !== null, atMs: nowMs }
    return ok(hide)
  }

  /** `isQuiet`: a stream without new lines takes the place of one, which is no news. */
  async function follow(isQuiet: boolean): Promise<void> {
    if (!isQuiet) onState({ kind: 'opening' })
    const secrets = await readSecrets()
    if (isClosed) return
    const before = lastId
    let count = 0
    const end = secrets.ok
      ? await followStream(secrets.value, (lines) => {
          count += lines
        })
      : secrets
    if (isClosed) return
    if (end.ok) {
      notFoundCount = 0
      idleStreams = count > 0 || lastId !== before ? 0 : idleStreams + 1
      if (end.value === 'silent') cancelPause = clock.schedule(0, () => start(true))
      else pause(end.value === 'full' ? 0 : pauseMs(), { why: null })
      return
    }
    idleStreams += 1
    if (end.error.kind === 'not-found') notFoundCount += 1
    const { error } = end
    const why = logErrorText(error)
    if (finalKinds.includes(error.kind) || notFoundCount >= MAX_NOT_FOUND)
      onState({ kind: 'failed', error, why })
    else pause(Math.max(pauseMs(), error.retryAfterMs ?? 0), { why, error })
  }

  function followStream(
    hide: SecretMask,
    onCount: (lines: number) => void,
  ): Promise<Result<LogStreamEnd, ProviderError>> {
    if (provider.streamLogs === undefined)
      return Promise.resolve(
        fail({ kind: 'gone', message: '', status: null, retryAfterMs: null, requestId: null }),
      )
    stream = provider.streamLogs(
      podId,
      {
        source: options.source,
        tail: options.tail,
        // Where lines have no id, the last ones are read again, and known again.
        sinceMs: lastAtMs ?? options.sinceMs,
        afterId: lastId,
      },
      {
        onOpen: () => !isClosed && onState({ kind: 'live', areSecretsHidden: mask?.areKnown === true }),
        onLines(received, leftOutCount) {
          const lines = take(received, hide)
          onCount(lines.length)
          if (!isClosed && lines.length + leftOutCount > 0) return options.onLines(lines, leftOutCount)
        },
      },
    )
    return stream.ended
  }

  function take(received: readonly RawLogLine[], hide: SecretMask): readonly LogLine[] {
    const lines: LogLine[] = []
    for (const line of received) {
      // The order on the wire says where to go on, since a server can only continue that.
      if (line.id !== null) lastId = line.id
      if (line.atMs !== null) lastAtMs = Math.max(lastAtMs ?? 0, line.atMs)
      if (!isNew(line)) continue
      const { id, source, atMs, isCut = false } = line
      const { text, styles } = hide.mask(source, cleanLine(line.text))
      // Marked only now: before, the mark would keep the start of a secret at the end from being seen.
      const shown = isCut ? `${text} …` : text
      lines.push({ id, source, atMs, text: shown, ...(styles.length > 0 && { styles }) })
    }
    return lines
  }

  const pauseMs = (): number =>
    Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(idleStreams, 6)) * (0.75 + options.random() / 2)

  function pause(ms: number, reason: { readonly why: string | null; readonly error?: ProviderError }): void {
    onState({ kind: 'waiting', untilMs: clock.now().wallMs + ms, ...reason })
    cancelPause = clock.schedule(ms, () => start())
  }

  function start(isQuiet = false): void {
    if (!isClosed) void follow(isQuiet)
  }

  // Whoever opens it gets it before it says anything.
  clock.defer(() => start())
  return {
    close() {
      isClosed = true
      cancelPause()
      stream?.close()
    },
  }
}
