import { jitterMs } from '../../core/base/jitter'
import type { ProviderError, QuotaLeft } from '../../core/pods/provider'
import { fail, type Result } from '../../core/base/result'
import { type Instant, MINUTE_MS, SECOND_MS } from '../../core/base/time'
import { createElapsed } from './elapsed'
import { exchange, type HttpRequest, type Outcome } from './exchange'
import { localError } from './local-error'
import {
  noQuota,
  quotaLeft,
  readSpacingMs,
  readWaitMs,
  withHold,
  withRead,
  withReadings,
  writeWaitMs,
} from './quota'
import { readRateLimit, readRetryAfterMs } from './rate-limit-headers'
import { MAX_TRIES, type Sleep, sleep as realSleep } from './retry'
import { serverWords } from './text'

/** What every provider is given, whatever cloud it speaks to. */
export interface Connection {
  /** Empty: none is sent. */
  readonly apiKey: string
  /** Podkeeper's own, for `User-Agent`. */
  readonly version: string
  readonly now: () => Instant
  /** Gives [0, 1), for jitter. */
  readonly random: () => number
  readonly sleep?: Sleep
  /** Of one request with its body, ms; 10 s unless given. */
  readonly deadlineMs?: number
  /** Of one read with all of its tries and waits, ms; 20 s unless given. */
  readonly budgetMs?: number
}

/** An HTTP client with a quota of its own. Nothing throws; every call ends within its deadline, as a result. */
export interface HttpClient {
  /**
   * Sends a request that changes nothing, up to three times when that may help, and answers its JSON (`undefined`
   * for 204). Answers `rate-limited` without sending when the quota is spent. `maxMs` shortens the whole of it.
   */
  read(request: HttpRequest, maxMs?: number): Promise<Result<unknown, ProviderError>>
  /** Sends exactly one request, or none while the server asked to wait (`rate-limited`). */
  write(request: HttpRequest): Promise<Result<unknown, ProviderError>>
  /** Milliseconds between two reads that the quota asks for; 0 when it does not. */
  readSpacingMs(): number
  quotaLeft(): QuotaLeft | null
  /** Ends the reads in flight as `unreachable`. */
  abortReads(): void
}

const DEADLINE_MS = 10 * SECOND_MS
const BUDGET_MS = 20 * SECOND_MS
/** After a 429 that does not say how long: the shortest window of a quota. */
const DEFAULT_HOLD_MS = MINUTE_MS
const MAX_MESSAGE_CHARS = 300
const MAX_REQUEST_ID_CHARS = 100

export function createHttpClient(connection: Connection): HttpClient {
  const { apiKey, now, random, sleep = realSleep } = connection
  const { deadlineMs = DEADLINE_MS, budgetMs = BUDGET_MS } = connection
  const elapsedMs = createElapsed(now)
  const reads = new Set<AbortController>()
  let quota = noQuota

  async function read(request: HttpRequest, maxMs = budgetMs): Promise<Result<unknown, ProviderError>> {
    const waitMs = readWaitMs(quota, elapsedMs())
    if (waitMs > 0) return fail(heldBack(waitMs))
    if (!isSendable(apiKey)) return fail(badKey)
    const controller = new AbortController()
    reads.add(controller)
    try {
      return await tryRead(request, elapsedMs() + Math.min(maxMs, budgetMs), controller.signal)
    } finally {
      reads.delete(controller)
    }
  }

  async function tryRead(
    request: HttpRequest,
    endsAtMs: number,
    abort: AbortSignal,
  ): Promise<Result<unknown, ProviderError>> {
    for (let retry = 0; ; retry++) {
      quota = withRead(quota, elapsedMs())
      const outcome = await exchange(request, connection, Math.min(deadlineMs, endsAtMs - elapsedMs()), abort)
      heed(outcome)
      const result = conclude(outcome)
      if (!isWorthRetrying(outcome) || abort.aborted || retry + 1 >= MAX_TRIES) return result
      const askedMs = outcome.headers === null ? 0 : (readRetryAfterMs(outcome.headers, now().wallMs) ?? 0)
      const pauseMs = Math.max(askedMs, jitterMs(retry, random()), readWaitMs(quota, elapsedMs()))
      if (elapsedMs() + pauseMs >= endsAtMs) return result
      await sleep(pauseMs, abort)
      if (abort.aborted) return fail(localError('unreachable', 'The request was given up.'))
      // Meanwhile other reads may have spent the quota, or a sleep of the machine the budget.
      if (elapsedMs() >= endsAtMs || readWaitMs(quota, elapsedMs()) > 0) return result
    }
  }

  async function write(request: HttpRequest): Promise<Result<unknown, ProviderError>> {
    const waitMs = writeWaitMs(quota, elapsedMs())
    if (waitMs > 0) return fail(heldBack(waitMs))
    if (!isSendable(apiKey)) return fail(badKey)
    const outcome = await exchange(request, connection, deadlineMs, null)
    heed(outcome)
    return conclude(outcome)
  }

  /** Takes in what an answer says of the quota. */
  function heed({ status, headers }: Outcome): void {
    if (headers === null) return
    quota = withReadings(quota, readRateLimit(headers), elapsedMs())
    if (status !== 429) return
    quota = withHold(quota, readRetryAfterMs(headers, now().wallMs) ?? DEFAULT_HOLD_MS, elapsedMs())
  }

  function conclude({ result, status, headers }: Outcome): Result<unknown, ProviderError> {
    if (result.ok) return result
    const { kind, message } = result.error
    const requestId = serverWords(headers?.get('x-request-id') ?? '', apiKey, MAX_REQUEST_ID_CHARS)
    return fail({
      kind,
      message: serverWords(message, apiKey, MAX_MESSAGE_CHARS),
      status,
      retryAfterMs: kind === 'rate-limited' ? writeWaitMs(quota, elapsedMs()) : null,
      requestId: requestId === '' ? null : requestId,
    })
  }

  return {
    read,
    write,
    readSpacingMs: () => readSpacingMs(quota, elapsedMs()),
    quotaLeft: () => quotaLeft(quota, elapsedMs()),
    abortReads: () => {
      for (const controller of reads) controller.abort()
    },
  }
}

/** A page (`unreadable`) with a 5xx is most often a gateway's, and passes. */
function isWorthRetrying({ result, status }: Outcome): boolean {
  if (result.ok) return false
  return result.error.kind === 'unreachable' || status === 429 || (status ?? 0) >= 500
}

/** Other characters cannot be in a header; the error of trying would tell the key. */
function isSendable(apiKey: string): boolean {
  return /^[\x21-\x7e]*$/.test(apiKey)
}

const badKey = localError('unauthorized', 'The key contains characters that no key has.')

function heldBack(waitMs: number): ProviderError {
  return localError('rate-limited', 'Held back to spare the request quota.', waitMs)
}
