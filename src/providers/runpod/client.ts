import type { PodAction, PodId } from '../../core/pods/pod'
import { isObject } from '../../core/base/parse-json'
import type {
  BillKind,
  LogStream,
  ObservedReply,
  ProviderError,
  RemainingQuota,
  ServerTime,
} from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import type { ResponseError } from '../http/response'
import { type HostRule, parseBaseUrl } from '../http/base-url'
import type { ExchangeOutcome, HttpRequest } from '../http/exchange'
import { createHttpClient, type HttpClientOptions } from '../http/http-client'
import type { StreamHandlers } from '../http/stream'
import { localError } from '../http/local-error'
import { isPodId } from '../wire/wire-values'
import { graphqlFault } from './parse/graphql-errors'
import { parseBalance } from './parse/parse-pod'
import { parseRunpodUrl } from './runpod-url'

export interface RunpodOptions extends HttpClientOptions {
  /** Address of REST v2; a bare origin gets `/v2`. */
  readonly baseUrl: string
  /** Address used for balance and account id; defaults to `/graphql` at the same origin. */
  readonly graphqlUrl?: string
  readonly hosts: HostRule
}

/** The requests that Podkeeper sends to Runpod's API. Responses are unparsed JSON. */
export interface RunpodClient {
  getPage(cursor: string | null, maxMs: number): Promise<Result<unknown, ProviderError>>
  getPod(id: PodId, isForAction?: boolean): Promise<Result<unknown, ProviderError>>
  /** `undefined` means success with an empty response. */
  act(id: PodId, action: PodAction): Promise<Result<unknown, ProviderError>>
  queryBalance(): Promise<Result<unknown, ProviderError>>
  queryAccountId(): Promise<Result<unknown, ProviderError>>
  queryStatusChange(id: PodId): Promise<Result<unknown, ProviderError>>
  /** Hourly bills. Times are Unix ms. */
  getBills(kind: BillKind, fromMs: number, toMs: number): Promise<Result<unknown, ProviderError>>
  getSshKeys(): Promise<Result<unknown, ProviderError>>
  /** Reads `path`, whose parts are encoded. */
  get(
    path: string,
    query?: Readonly<Record<string, string>>,
    maxMs?: number,
  ): Promise<Result<unknown, ProviderError>>
  /** Sends exactly one request to `path`, whose parts are encoded. `undefined` means success with an empty response. */
  send(
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    json?: unknown,
    more?: Pick<HttpRequest, 'readError'> & { readonly maxMs?: number },
  ): Promise<Result<unknown, ProviderError>>
  /** Follows the event stream at `path`, whose parts are encoded. */
  stream(
    path: string,
    query: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
    handlers: StreamHandlers,
  ): LogStream
  putSshKeys(keys: readonly string[]): Promise<Result<unknown, ProviderError>>
  readSpacingMs(): number
  quotaLeft(): RemainingQuota | null
  serverTime(): ServerTime | null
  observeReplies(listener: (reply: ObservedReply) => void): () => void
  abortReads(): void
}

const PAGE_LIMIT = 1_000

const billPaths: Record<BillKind, string> = {
  pods: '/billing/pods',
  volumes: '/billing/network-volumes',
  total: '/billing',
}

const BALANCE_QUERY = 'query { myself { clientBalance currentSpendPerHr } }'
/** A query of its own, because a key may be allowed one of the two only. */
const ACCOUNT_ID_QUERY = 'query { myself { id } }'

export function createRunpodClient(options: RunpodOptions): RunpodClient {
  const observers = new Set<(reply: ObservedReply) => void>()
  const http: HttpClientOptions = {
    ...options,
    onRead(request, outcome) {
      if (observers.size === 0) return
      const reply = observedReply(request, outcome, base)
      for (const observer of observers) observer(reply)
    },
  }
  const rest = createHttpClient(http)
  // GraphQL has a separate quota.
  const graphql = createHttpClient(http)
  const base = parseRunpodUrl(options.baseUrl, options.hosts)
  const graphqlText = options.graphqlUrl ?? (base.ok ? `${base.value.origin}/graphql` : null)
  const graphqlUrl = graphqlText === null ? base : parseBaseUrl(graphqlText, options.hosts)

  const podUrl = (id: PodId): Result<string, ProviderError> => {
    if (!base.ok) return fail(localError('invalid', base.error))
    if (!isPodId(id)) return fail(localError('invalid', 'This is not the id of a pod.'))
    return ok(`${restBase(base.value)}/pods/${encodeURIComponent(id)}`)
  }

  /** `isUsable`: whether a response has what was asked for in spite of its errors, which may be of other fields. */
  async function queryGraphql(
    text: string,
    isUsable: (json: unknown) => boolean,
  ): Promise<Result<unknown, ProviderError>> {
    if (!graphqlUrl.ok) return fail(localError('invalid', graphqlUrl.error))
    const { href } = graphqlUrl.value
    const findFault = (json: unknown): ResponseError | null => (isUsable(json) ? null : graphqlFault(json))
    return graphql.read({ method: 'POST', url: href, json: { query: text }, findFault })
  }

  return {
    async getPage(cursor, maxMs) {
      if (!base.ok) return fail(localError('invalid', base.error))
      const query = new URLSearchParams({ includeClusterPods: 'true', limit: String(PAGE_LIMIT) })
      if (cursor !== null) query.set('cursor', cursor)
      return rest.read({ method: 'GET', url: `${restBase(base.value)}/pods?${query.toString()}` }, maxMs)
    },

    async getPod(id, isForAction = false) {
      const url = podUrl(id)
      return url.ok ? rest.read({ method: 'GET', url: url.value, isForAction }) : url
    },

    async act(id, action) {
      const url = podUrl(id)
      return url.ok ? rest.write({ method: 'POST', url: `${url.value}/action`, json: { action } }) : url
    },

    queryBalance: () => queryGraphql(BALANCE_QUERY, (json) => parseBalance(json) !== null),
    queryAccountId: () => queryGraphql(ACCOUNT_ID_QUERY, () => false),
    async queryStatusChange(id) {
      if (!isPodId(id)) return fail(localError('invalid', 'This is not the id of a pod.'))
      return queryGraphql(
        `query { pod(input: { podId: ${JSON.stringify(id)} }) { lastStatusChange } }`,
        () => false,
      )
    },

    async getBills(kind, fromMs, toMs) {
      if (!base.ok) return fail(localError('invalid', base.error))
      const query = new URLSearchParams({
        bucketSize: 'hour',
        startTime: new Date(fromMs).toISOString(),
        endTime: new Date(toMs).toISOString(),
      })
      return rest.read({
        method: 'GET',
        url: `${restBase(base.value)}${billPaths[kind]}?${query.toString()}`,
      })
    },

    async getSshKeys() {
      if (!base.ok) return fail(localError('invalid', base.error))
      return rest.read({ method: 'GET', url: `${restBase(base.value)}/account/ssh-keys` })
    },

    async putSshKeys(keys) {
      if (!base.ok) return fail(localError('invalid', base.error))
      return rest.write({ method: 'PUT', url: `${restBase(base.value)}/account/ssh-keys`, json: { keys } })
    },

    async get(path, query = {}, maxMs) {
      if (!base.ok) return fail(localError('invalid', base.error))
      const search = new URLSearchParams(query).toString()
      const url = `${restBase(base.value)}${path}${search === '' ? '' : `?${search}`}`
      return rest.read({ method: 'GET', url }, maxMs)
    },

    async send(method, path, json, { maxMs, readError } = {}) {
      if (!base.ok) return fail(localError('invalid', base.error))
      const url = `${restBase(base.value)}${path}`
      return rest.write({ method, url, json, readError }, maxMs)
    },

    stream(path, query, headers, handlers) {
      if (!base.ok)
        return { ended: Promise.resolve(fail(localError('invalid', base.error))), close: () => {} }
      const url = `${restBase(base.value)}${path}?${new URLSearchParams(query).toString()}`
      return rest.stream({ method: 'GET', url, headers }, handlers)
    },

    readSpacingMs: () => rest.readSpacingMs(),
    quotaLeft: () => rest.quotaLeft(),
    serverTime: () => rest.serverTime(),
    observeReplies(listener) {
      observers.add(listener)
      return () => observers.delete(listener)
    },

    abortReads() {
      rest.abortReads()
      graphql.abortReads()
    },
  }
}

function observedReply(
  { method, url, json }: HttpRequest,
  { status, headers, body }: Omit<ExchangeOutcome, 'result'>,
  base: Result<URL, string>,
): ObservedReply {
  const { href, pathname, searchParams } = new URL(url)
  const prefix = base.ok ? restBase(base.value) : ''
  const graphql = isObject(json) && typeof json['query'] === 'string' ? json['query'] : null
  return {
    method,
    path:
      prefix !== '' && href.startsWith(prefix) ? href.slice(prefix.length).replace(/\?.*$/, '') : pathname,
    query: Object.fromEntries(searchParams),
    ...(graphql !== null && { graphql }),
    status,
    headers: Object.fromEntries(headers ?? []),
    body: body ?? null,
  }
}

function restBase(url: URL): string {
  const path = url.pathname.replace(/\/+$/, '')
  return `${url.origin}${path === '' ? '/v2' : path}`
}
