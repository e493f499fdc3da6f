import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../core/base/time/clock'
import { MINUTE_MS, SECOND_MS } from '../../core/base/time/time'
import { type ApiCaller, podsProblem, scopeProblem } from '../../core/pods-api/api-caller'
import type { RefusalReason } from '../../core/pods-api/access/refused-requests'
import type { ServedPlace } from '../../core/pods-api/access/served-place'
import type { EventLog } from '../../core/pods-api/api-event'
import type { ApiRoute } from '../../core/pods-api/api-route'
import { API_PREFIX } from '../../core/pods-api/api-routes'
import { findApiRoute } from '../../core/pods-api/find-api-route'
import type { ApiBackend } from '../../core/pods-api/api-types'
import { createRateWindows } from '../../core/pods-api/access/rate-window'
import { folderProof, isNonce } from '../data-folder/secrets/api-secret-file'
import { rateHeaders, sendReply, tooMany, writeOnce } from './api-replies'
import type { ApiRequestsFile } from './api-requests-file'
import type { ApiTokensFile } from './api-tokens-file'
import { streamEvents } from './event-stream'
import { errorHttp, type HttpReply, jsonHttp, refuseBroken, retryLater, toHttpReply } from './http-reply'
import { type ListenAt, listen } from './listen-at'
import { originProblem, presentedToken, readRequestBody } from './request-guard'
import { useTlsFiles } from './tls-files'

export const apiServerLimits = {
  /** Of one request. */
  bodyBytes: 256 * 1_024,
  headerBytes: 16 * 1_024,
  /** Until headers and body are complete. */
  headersMs: 5 * SECOND_MS,
  requestMs: 10 * SECOND_MS,
  connections: 300,
  /** Of each token. */
  streams: 5,
  requestsPerMinute: 300,
  writesPerMinute: 60,
}

/** A page that is no route of the API, such as its document. */
export interface ApiPage {
  readonly acceptsPassword: boolean
  /** It says nothing of accounts and pods. Absent: a token for some pods is refused. */
  readonly isForSomePods?: true
  readonly reply: (caller: ApiCaller) => Promise<HttpReply>
}

export interface ApiServerOptions {
  readonly listenAt: ListenAt
  /** Names beside those of the address by which it is reached. */
  readonly allowedHosts?: ServedPlace['allowedHosts']
  readonly tokens: Pick<ApiTokensFile, 'find'>
  readonly requests: Pick<ApiRequestsFile, 'claim'>
  readonly clock: Pick<Clock, 'now'>
  /** The accounts as they are now. Rejects where nothing is known of them. */
  readonly backendFor: (caller: ApiCaller) => Promise<ApiBackend>
  readonly events: EventLog
  /** Whether the accounts are watched. It needs no token, so it says nothing of them. */
  readonly health: () => Promise<HttpReply>
  /** By which it proves to a client without a token that it is this folder's. */
  readonly secret: string
  /** By path. */
  readonly pages: Readonly<Record<string, ApiPage>>
  /** Called for each request with a token that is valid. */
  readonly onUsed?: (tokenId: string, atMs: number) => void
  /** Called for each request that is refused for what it may do. `tokenName`: null: it has no valid one. */
  readonly onRefused?: (tokenName: string | null, why: RefusalReason) => void
  readonly report: (what: string, cause: unknown) => void
  readonly limits?: Partial<typeof apiServerLimits>
}

/** Over HTTP, or HTTPS. */
export type ApiServer = ReturnType<typeof createServer> | ReturnType<typeof createTlsServer>

/** Serves the Pods API until it is closed. Rejects where it cannot listen, or without a usable certificate. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { listenAt, tokens, clock, report, events, pages, allowedHosts = [], onRefused = () => {} } = options
  const limits = { ...apiServerLimits, ...options.limits }
  const requestWindows = createRateWindows(limits.requestsPerMinute, MINUTE_MS)
  const writeWindows = createRateWindows(limits.writesPerMinute, MINUTE_MS)
  const streams = new Map<string, number>()
  /** The last response of each connection. */
  const responses = new WeakMap<Duplex, ServerResponse>()
  const nowMs = (): number => clock.now().wallMs
  const place = { address: listenAt.kind === 'socket' ? null : listenAt.host, allowedHosts }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    const send = (reply: HttpReply, more: Readonly<Record<string, string>> = {}): void =>
      sendReply(request, response, reply, { ...more, 'x-request-id': requestId })
    const problem = originProblem(request, place)
    if (problem !== null) {
      onRefused(null, 'origin')
      return send(errorHttp(403, problem))
    }
    const [path = '/', search = ''] = (request.url ?? '/').split('?', 2)
    const method = request.method ?? 'GET'
    if (path === HEALTH_PATH) return send(await healthReply(method))
    if (path === PROOF_PATH) return send(proofReply(method, search, request.socket.localPort ?? null))
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined
    const presented = presentedToken(request, page?.acceptsPassword === true)
    const caller = presented === null ? null : tokens.find(presented, nowMs())
    if (presented === null || caller === null) {
      onRefused(null, 'token')
      const scheme =
        page?.acceptsPassword === true ? 'Basic realm="Podkeeper: a token as password"' : 'Bearer'
      return send(errorHttp(401, 'Missing or invalid authentication', { 'www-authenticate': scheme }))
    }
    options.onUsed?.(caller.id, nowMs())
    const verdict = requestWindows.take(caller.id, clock.now().monotonicMs)
    const rate = rateHeaders(verdict, nowMs())
    if (!verdict.isAllowed) return send(tooMany(verdict), rate)
    const sendRated = (reply: HttpReply, more: Readonly<Record<string, string>> = {}): void =>
      send(reply, { ...rate, ...more })
    const forbid = (refusal: string): void => {
      onRefused(caller.name, 'rights')
      sendRated(errorHttp(403, refusal))
    }

    if (page !== undefined || path === EVENTS_PATH) {
      if (method !== 'GET')
        return sendRated(errorHttp(405, `${method} is not offered here`, { allow: 'GET' }))
      const refusal = podsProblem(caller, page ?? {})
      if (refusal !== null) return forbid(refusal)
      if (page !== undefined) return sendRated(await page.reply(caller))
      return openStream(request, response, caller, presented, sendRated)
    }
    const found = findApiRoute(method, path)
    if (!('route' in found)) {
      const allow = found.methods.join(', ')
      return sendRated(
        allow === '' ? errorHttp(404) : errorHttp(405, `${method} is not offered here`, { allow }),
      )
    }
    const refusal = scopeProblem(caller, found.route.scope) ?? podsProblem(caller, found.route)
    if (refusal !== null) return forbid(refusal)
    const body = await readRequestBody(request, limits.bodyBytes)
    if (typeof body === 'number') return sendRated(errorHttp(body))
    const isWrite = method !== 'GET'
    if (isWrite && found.route.body !== undefined && !isJson(request))
      return sendRated(errorHttp(415, 'The body must be application/json'))
    const run = (): Promise<HttpReply> =>
      runRoute(found.route, { search, body, id: found.id }, caller, requestId)
    if (!isWrite) return sendRated(await run())

    const writes = writeWindows.take(caller.id, clock.now().monotonicMs)
    if (!writes.isAllowed) return sendRated(tooMany(writes))
    const content = JSON.stringify([method, path, search, body])
    const { requests } = options
    sendRated(...(await writeOnce({ request, requests, callerId: caller.id, content, run })))
  }

  const healthReply = (method: string): Promise<HttpReply> =>
    method === 'GET' || method === 'HEAD'
      ? options.health()
      : Promise.resolve(errorHttp(405, `${method} is not offered here`, { allow: 'GET' }))

  function proofReply(method: string, search: string, port: number | null): HttpReply {
    if (method !== 'GET') return errorHttp(405, `${method} is not offered here`, { allow: 'GET' })
    const nonce = new URLSearchParams(search).get('nonce') ?? ''
    return isNonce(nonce)
      ? jsonHttp({ proof: folderProof(options.secret, port ?? 'socket', nonce) })
      : errorHttp(400, 'The nonce must have 16 to 128 letters, digits, hyphens or underscores')
  }

  async function runRoute(
    route: ApiRoute,
    { search, body, id }: { readonly search: string; readonly body: string; readonly id: string },
    caller: ApiCaller,
    requestId: string,
  ): Promise<HttpReply> {
    try {
      const backend = await options.backendFor(caller)
      const query = new URLSearchParams(search)
      return toHttpReply(await route.handle({ query, body, id, backend, hasPages: true }), requestId, nowMs())
    } catch (cause) {
      if (cause instanceof ApiUnavailable) return errorHttp(503, cause.message, retryLater)
      report(`A request of the Pods API failed: ${route.method} ${route.path}`, cause)
      return errorHttp(500, 'Something went wrong in Podkeeper')
    }
  }

  function openStream(
    request: IncomingMessage,
    response: ServerResponse,
    caller: ApiCaller,
    presented: string,
    sendRated: (reply: HttpReply) => void,
  ): void {
    const refusal = scopeProblem(caller, 'pods:read')
    if (refusal !== null) return sendRated(errorHttp(403, refusal))
    const open = streams.get(caller.id) ?? 0
    if (open >= limits.streams)
      return sendRated(errorHttp(429, 'Too many event streams are open', { 'retry-after': '5' }))
    streams.set(caller.id, open + 1)
    response.once('close', () => streams.set(caller.id, (streams.get(caller.id) ?? 1) - 1))
    const lastId = request.headers['last-event-id']
    streamEvents(
      response,
      events,
      caller,
      typeof lastId === 'string' ? lastId : null,
      () => tokens.find(presented, nowMs()) !== null,
    )
  }

  const serverOptions: ServerOptions = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: SECOND_MS,
    keepAliveTimeout: 30 * SECOND_MS,
  }
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    responses.set(request.socket, response)
    const requestId = `req_${randomBytes(8).toString('hex')}`
    answer(request, response, requestId).catch((cause: unknown) => {
      report('A request of the Pods API failed', cause)
      if (response.headersSent) response.destroy()
      else sendReply(request, response, errorHttp(500, 'Something went wrong in Podkeeper'), {})
    })
  }

  function create(): ApiServer {
    const tls = listenAt.kind === 'socket' ? undefined : listenAt.tls
    if (tls === undefined) return createServer(serverOptions, onRequest)
    const encrypted = createTlsServer({ ...serverOptions, handshakeTimeout: limits.headersMs }, onRequest)
    useTlsFiles(encrypted, tls, (cause) => report('The new certificate is not used', cause))
    return encrypted
  }

  const server = create()
  server.maxConnections = limits.connections
  server.on('clientError', (cause, socket) => {
    const last = responses.get(socket)
    // Nothing may come between what was sent of a response and its end.
    if (last?.headersSent === true && !last.writableFinished) socket.destroy()
    else refuseBroken(cause, socket)
  })
  await listen(server, listenAt)
  // Such as too many open files.
  server.on('error', (cause) => report('The Pods API could not take a connection', cause))
  return server
}

const HEALTH_PATH = '/health'
const PROOF_PATH = '/proof'
const EVENTS_PATH = `${API_PREFIX}/events`

/**
 * Nothing is known of an account, or the program that acts can't be reached. It is thrown only where nothing was done
 * that a second try would do twice. `message`: a sentence.
 */
export class ApiUnavailable extends Error {}

const isJson = ({ headers }: IncomingMessage): boolean =>
  /^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '')
