import { jitterMs, rateLimitPauseMs } from '../../core/base/time/jitter'
import type { LogStream, ProviderError, RemainingQuota, ServerTime } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import { type Instant, MINUTE_MS, SECOND_MS } from '../../core/base/time/time'
import { createElapsed } from './elapsed'
import { exchange, type ExchangeOutcome, type HttpRequest } from './exchange'
import type { LogStreamEnd } from '../../core/pods/pod-logs'
import { readServerDate } from './http-date'
import { localError } from './local-error'
import {
  evenSpacingMs,
  quotaLeft,
  readSpacingMs,
  readWaitMs,
  rebaseQuota,
  withPause,
  withRead,
  withReadings,
  writeWaitMs,
} from './quota/quota'
import { readingsOf, readRateLimit, readRetryAfterMs, readXRateLimit } from './quota/rate-limit-headers'
import { type RequestBudget, unlimitedBudget } from './quota/request-budget'
import type { ResponseError } from './response'
import type { ProxyEnvironment } from './proxy'
import { MAX_ATTEMPTS, type Sleep, sleep as realSleep } from './retry'
import { redactServerText } from './text'
import { defaultStreamLimits, streamExchange, type StreamHandlers, type StreamLimits } from './stream'
import { createTransport } from './transport'

/** What every provider needs, whichever cloud it talks to. */
export interface HttpClientOptions {
  /** If empty, no key is sent. */
  readonly apiKey: string
  /** Podkeeper's version, for `User-Agent`. */
  readonly version: string
  /** The environment that names proxies. Default: none. */
  readonly proxyEnvironment?: ProxyEnvironment
  readonly now: () => Instant
  /** Returns a number in [0, 1), used for jitter. */
  readonly random: () => number
  readonly sleep?: Sleep
  /** Time limit for one request including its body, in ms. Default: 10 s. */
  readonly deadlineMs?: number
  /** Time limit for one read including all retries and waits, in ms. Default: 20 s. */
  readonly budgetMs?: number
  /** Limits of each event stream. */
  readonly streamLimits?: StreamLimits
  /** Gets the outcome of each read that was sent, retries included, and of each stream when it opens or fails. */
  readonly onRead?: (request: HttpRequest, outcome: Omit<ExchangeOutcome, 'result'>) => void
}

/**
 * An HTTP client with its own quota. No call throws; each one ends within its deadline and returns a result.
 */
export interface HttpClient {
  /**
   * Sends a request that changes nothing, up to three times where a retry may help, and returns its JSON
   * (`undefined` for 204). Returns `rate-limited` without sending when the quota is used up. `maxMs` shortens
   * the total time limit.
   */
  read(request: HttpRequest, maxMs?: number): Promise<Result<unknown, ProviderError>>
  /**
   * Sends exactly one request, or none (`rate-limited`) while the server has asked clients to wait. `maxMs` replaces
   * the time limit.
   */
  write(request: HttpRequest, maxMs?: number): Promise<Result<unknown, ProviderError>>
  /**
   * Sends one read and follows its event stream. Counts as one read, and is never sent again: who follows it opens it
   * anew. `abortReads` ends it as `closed`.
   */
  stream(request: HttpRequest, handlers: StreamHandlers): LogStream
  /** Milliseconds to leave between two reads because of the quota; 0 if no spacing is needed. */
  readSpacingMs(): number
  /** Like `readSpacingMs`, without the pauses that the server asked for. */
  evenSpacingMs(): number
  /** Milliseconds until a read may be sent; 0 means now. */
  readWaitMs(): number
  quotaLeft(): RemainingQuota | null
  /** By the latest successful response; null if none had a readable `Date`. */
  serverTime(): ServerTime | null
  /** Ends the reads in flight as `unreachable`. */
  abortReads(): void
  /** A client with the same quota and pauses. Its `abortReads` ends its own reads only. */
  share(): HttpClient
}

const DEADLINE_MS = 10 * SECOND_MS
const READ_BUDGET_MS = 20 * SECOND_MS
/** The pause after a 429 that doesn't say how long to wait: the shortest window of a quota. */
const DEFAULT_PAUSE_MS = MINUTE_MS
const MAX_MESSAGE_CHARS = 300
const MAX_REQUEST_ID_CHARS = 100

/** `budget`: a limit that holds besides the one that responses report. Default: none. */
export function createHttpClient(
  options: HttpClientOptions,
  budget: RequestBudget = unlimitedBudget,
): HttpClient {
  const { apiKey, now, random, sleep = realSleep } = options
  const { deadlineMs = DEADLINE_MS, budgetMs = READ_BUDGET_MS } = options
  const elapsedMs = createElapsed(now)
  const transport = createTransport(options.proxyEnvironment ?? {})
  let quota = budget.knownQuota()
  /** 429s in a row, each to a request that was sent after the pause for the one before. */
  let rateLimitedCount = 0
  let serverTime: ServerTime | null = null

  const waitForReadMs = (isForAction = false): number => {
    const wait = isForAction ? writeWaitMs : readWaitMs
    return Math.max(wait(quota, elapsedMs()), budget.readWaitMs(isForAction))
  }

  async function read(
    reads: Set<AbortController>,
    request: HttpRequest,
    maxMs = budgetMs,
  ): Promise<Result<unknown, ProviderError>> {
    const waitMs = waitForReadMs(request.isForAction)
    if (waitMs > 0) return fail(quotaExhausted(waitMs))
    if (!isHeaderSafe(apiKey)) return fail(invalidKey)
    const controller = new AbortController()
    reads.add(controller)
    try {
      return await readWithRetries(request, elapsedMs() + Math.min(maxMs, budgetMs), controller.signal)
    } finally {
      reads.delete(controller)
    }
  }

  async function readWithRetries(
    request: HttpRequest,
    deadlineAtMs: number,
    abort: AbortSignal,
  ): Promise<Result<unknown, ProviderError>> {
    for (let retry = 0; ; retry++) {
      quota = withRead(quota, elapsedMs())
      budget.onRequest()
      const outcome = await exchange(
        request,
        options,
        transport,
        Math.min(deadlineMs, deadlineAtMs - elapsedMs()),
        abort,
      )
      applyOutcome(outcome)
      options.onRead?.(request, outcome)
      const result = toResult(outcome)
      if (!isWorthRetrying(outcome) || abort.aborted || retry + 1 >= MAX_ATTEMPTS) return result
      const requestedMs =
        outcome.headers === null ? 0 : (readRetryAfterMs(outcome.headers, now().wallMs) ?? 0)
      const pauseMs = Math.max(requestedMs, jitterMs(retry, random()), waitForReadMs(request.isForAction))
      if (elapsedMs() + pauseMs >= deadlineAtMs) return result
      await sleep(pauseMs, abort)
      if (abort.aborted) return fail(localError('unreachable', 'The request was canceled.'))
      // While this read waited, other reads may have used up the quota, or the machine may have slept past
      // the deadline.
      if (elapsedMs() >= deadlineAtMs || waitForReadMs(request.isForAction) > 0) return result
    }
  }

  async function write(request: HttpRequest, maxMs = deadlineMs): Promise<Result<unknown, ProviderError>> {
    const waitMs = Math.max(writeWaitMs(quota, elapsedMs()), budget.writeWaitMs())
    if (waitMs > 0) return fail(quotaExhausted(waitMs))
    if (!isHeaderSafe(apiKey)) return fail(invalidKey)
    budget.onRequest()
    const outcome = await exchange(request, options, transport, maxMs, null)
    applyOutcome(outcome)
    return toResult(outcome)
  }

  function stream(reads: Set<AbortController>, request: HttpRequest, handlers: StreamHandlers): LogStream {
    const controller = new AbortController()
    const follow = async (): Promise<Result<LogStreamEnd, ProviderError>> => {
      const waitMs = waitForReadMs()
      if (waitMs > 0) return fail(quotaExhausted(waitMs))
      if (!isHeaderSafe(apiKey)) return fail(invalidKey)
      quota = withRead(quota, elapsedMs())
      budget.onRequest()
      let hasOpened = false
      const outcome = await streamExchange(
        request,
        options,
        transport,
        options.streamLimits ?? defaultStreamLimits,
        controller.signal,
        {
          onBytes: handlers.onBytes,
          onHeaders(opened) {
            hasOpened = true
            applyOutcome({ result: ok(undefined), ...opened })
            options.onRead?.(request, opened)
            handlers.onHeaders(opened)
          },
        },
      )
      const { result } = outcome
      if (result.ok) return result
      const failed = { ...outcome, result }
      if (!hasOpened) {
        applyOutcome(failed)
        options.onRead?.(request, failed)
      }
      return toResult(failed)
    }
    reads.add(controller)
    const ended = follow().finally(() => reads.delete(controller))
    return { ended, close: () => controller.abort() }
  }

  function applyOutcome(outcome: ExchangeOutcome): void {
    if (outcome.isUnsent === true) budget.onUnsent()
    if (outcome.headers === null) return
    readHeaders(outcome, outcome.headers)
    budget.onQuota(rebaseQuota(quota, elapsedMs()))
  }

  /** Takes the quota, and the time if the response is the API's, from the headers of a response. */
  function readHeaders({ result, status }: ExchangeOutcome, headers: Headers): void {
    const serverMs = result.ok ? readServerDate(headers) : null
    if (serverMs !== null) serverTime = { atMs: serverMs, receivedAt: now() }
    budget.onResponse(headers, result.ok)
    const readings = readRateLimit(headers)
    const reported = readings.length > 0 ? readings : readingsOf(readXRateLimit(headers, now().wallMs))
    quota = withReadings(quota, reported, elapsedMs())
    if (status !== 429) {
      rateLimitedCount = 0
      return
    }
    if (rateLimitedCount === 0 || writeWaitMs(quota, elapsedMs()) === 0) rateLimitedCount += 1
    const retryAfterMs = readRetryAfterMs(headers, now().wallMs) ?? DEFAULT_PAUSE_MS
    quota = withPause(quota, rateLimitPauseMs(rateLimitedCount, retryAfterMs, random()), elapsedMs())
  }

  function toResult<T>({
    result,
    status,
    headers,
  }: Omit<ExchangeOutcome, 'result'> & { readonly result: Result<T, ResponseError> }): Result<
    T,
    ProviderError
  > {
    if (result.ok) return result
    const { kind, message } = result.error
    const requestId = redactServerText(headers?.get('x-request-id') ?? '', apiKey, MAX_REQUEST_ID_CHARS)
    return fail({
      kind,
      message: redactServerText(message, apiKey, MAX_MESSAGE_CHARS),
      status,
      retryAfterMs: kind === 'rate-limited' ? writeWaitMs(quota, elapsedMs()) : null,
      requestId: requestId === '' ? null : requestId,
    })
  }

  function share(): HttpClient {
    const reads = new Set<AbortController>()
    return {
      read: (request, maxMs) => read(reads, request, maxMs),
      write,
      stream: (request, handlers) => stream(reads, request, handlers),
      readSpacingMs: () => readSpacingMs(quota, elapsedMs()),
      evenSpacingMs: () => evenSpacingMs(quota, elapsedMs()),
      readWaitMs: () => waitForReadMs(),
      quotaLeft: () => quotaLeft(quota, elapsedMs()),
      serverTime: () => serverTime,
      abortReads: () => {
        for (const controller of reads) controller.abort()
      },
      share,
    }
  }

  return share()
}

/**
 * A page (`unreadable`) with a 5xx usually comes from a gateway and is temporary. What is `gone` stays so, whatever
 * the status.
 */
function isWorthRetrying({ result, status }: ExchangeOutcome): boolean {
  if (result.ok || result.error.kind === 'gone') return false
  return result.error.kind === 'unreachable' || status === 429 || (status ?? 0) >= 500
}

/** Other characters are not allowed in a header, and the error that fetch throws would contain the key. */
function isHeaderSafe(apiKey: string): boolean {
  return /^[\x21-\x7e]*$/.test(apiKey)
}

const invalidKey = localError('unauthorized', 'The key contains invalid characters.')

function quotaExhausted(waitMs: number): ProviderError {
  return localError('rate-limited', 'Not sent, to stay within the request limit.', waitMs)
}
