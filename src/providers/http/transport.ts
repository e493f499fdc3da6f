import type { Dispatcher } from 'undici'
import { ok, type Result } from '../../core/base/result'
import { type Proxy, type ProxyEnvironment, proxyFor } from './proxy'

/** How a request gets to its host. */
export interface HttpRoute {
  /** Null: directly. */
  readonly proxy: Proxy | null
  readonly fetch: (request: Request, signal: AbortSignal) => Promise<Response>
}

/** Chooses the route of each request. The error is a sentence: the environment names no usable proxy. */
export interface Transport {
  routeTo(url: URL): Result<HttpRoute, string>
}

/** Why a proxy opened no tunnel. */
export class ProxyError extends Error {
  constructor(
    /** The proxy's reply; null if there was none. */
    readonly status: number | null,
    cause?: unknown,
  ) {
    super('The proxy opened no tunnel', { cause })
  }
}

/**
 * Whether a request may go over a connection that an earlier one left open. The server may be closing that one at the
 * same moment, so that the request is lost. A read is sent again then, but an action never is, so it has a connection
 * of its own. So does a read by GraphQL, which is a POST and rare.
 */
const canReuse = ({ method }: Request): boolean => method === 'GET'

/** Options of a dispatcher that opens a connection for each request. */
const ANEW = { pipelining: 0 } as const

export function createTransport(env: ProxyEnvironment): Transport {
  const dispatchers = new Map<string, Promise<Dispatcher>>()

  function dispatcherFor(proxy: Proxy | null, request: Request): Promise<Dispatcher> {
    const options = canReuse(request) ? {} : ANEW
    const key = JSON.stringify([proxy?.url, proxy?.authorization, options])
    const dispatcher = dispatchers.get(key) ?? createDispatcher(proxy, options)
    dispatchers.set(key, dispatcher)
    return dispatcher
  }

  return {
    routeTo(url) {
      const proxy = proxyFor(url, env)
      if (!proxy.ok) return proxy
      if (proxy.value === null && !doesNodeUseProxy(env)) return ok({ proxy: null, fetch: fetchDirectly })
      const { value } = proxy
      return ok({
        proxy: value,
        fetch: async (request, signal) => sendWith(await dispatcherFor(value, request), request, signal),
      })
    },
  }
}

type NodeDispatcher = NonNullable<RequestInit['dispatcher']>
type NodeAgent = new (options: {
  readonly headersTimeout: number
  readonly bodyTimeout: number
  readonly pipelining?: number
}) => NodeDispatcher

let untimed: { readonly reusing: NodeDispatcher; readonly anew: NodeDispatcher } | null = null

/**
 * Node's fetch, without the five minutes after which it gives up itself: every request has a shorter limit of its own,
 * and theirs wake the process up each second while a log is followed. Where Node has no such agent, fetch as it is.
 */
function fetchDirectly(request: Request, signal: AbortSignal): Promise<Response> {
  untimed ??= createUntimed()
  const dispatcher = canReuse(request) ? untimed?.reusing : untimed?.anew
  return fetch(request, { signal, ...(dispatcher && { dispatcher }) })
}

function createUntimed(): typeof untimed {
  // Where undici, Node's own copy too, keeps the agent that fetch uses by default.
  const own = (globalThis as Record<symbol, unknown>)[Symbol.for('undici.globalDispatcher.1')]
  if (typeof own !== 'object' || own?.constructor.name !== 'Agent') return null
  const Agent = own.constructor as NodeAgent
  const noTimeouts = { headersTimeout: 0, bodyTimeout: 0 }
  return { reusing: new Agent(noTimeouts), anew: new Agent({ ...noTimeouts, ...ANEW }) }
}

/** Newer versions of Node can be told to send everything through the proxy, this computer included. */
const doesNodeUseProxy = (env: ProxyEnvironment): boolean =>
  env['NODE_USE_ENV_PROXY'] !== undefined || (env['NODE_OPTIONS'] ?? '').includes('--use-env-proxy')

async function createDispatcher(proxy: Proxy | null, options: Partial<typeof ANEW>): Promise<Dispatcher> {
  // Loaded on demand, because it is large and few people need it.
  const { Agent, Pool, ProxyAgent } = await import('undici')
  if (proxy === null) return new Agent(options)
  return new ProxyAgent({
    ...options,
    uri: proxy.url,
    ...(proxy.authorization !== null && { token: proxy.authorization }),
    clientFactory(origin, ofProxy) {
      const pool = new Pool(origin, ofProxy)
      const connect = pool.connect.bind(pool) as (
        tunnel: Dispatcher.ConnectOptions,
      ) => Promise<Dispatcher.ConnectData>
      // The agent takes a connection that the proxy broke off for one to open again, at once and without end.
      return Object.assign(pool, {
        async connect(tunnel: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
          const opened = await connect(tunnel).catch((cause: unknown) => {
            throw new ProxyError(null, cause)
          })
          if (opened.statusCode === 200) return opened
          opened.socket.on('error', () => {}).destroy()
          throw new ProxyError(opened.statusCode)
        },
      })
    },
  })
}

/** The request of Node's own fetch is of another class than that of the package, so its parts are passed on. */
async function sendWith(dispatcher: Dispatcher, request: Request, signal: AbortSignal): Promise<Response> {
  const { fetch: send } = await import('undici')
  const response = await send(request.url, {
    method: request.method,
    headers: [...request.headers],
    body: request.body,
    ...(request.body !== null && { duplex: 'half' as const }),
    redirect: 'manual',
    signal,
    dispatcher,
  })
  return response as unknown as Response
}
