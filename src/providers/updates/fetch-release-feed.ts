import { fail, type Result } from '../../core/base/result'
import { type HostRule, parseBaseUrl } from '../http/base-url'
import { networkErrorText } from '../http/network-error-text'
import type { ProxyEnvironment } from '../http/proxy'
import { readBody, redirectHost } from '../http/response'
import { createTransport } from '../http/transport'

export interface FeedFetcherOptions {
  /** Podkeeper's version, for `User-Agent`. */
  readonly version: string
  readonly url: string
  readonly hosts: HostRule
  readonly proxyEnvironment: ProxyEnvironment
}

const TIMEOUT_MS = 20_000
const MAX_REDIRECTS = 3

/**
 * Reads the feed of releases as text, over https or from this computer. A redirect to another host or port is not
 * followed. The error is a sentence. Never rejects.
 */
export function createFeedFetcher(options: FeedFetcherOptions): () => Promise<Result<string, string>> {
  const transport = createTransport(options.proxyEnvironment)
  const headers = { 'user-agent': `podkeeper/${options.version}` }

  async function read(url: URL, signal: AbortSignal, redirects: number): Promise<Result<string, string>> {
    const route = transport.routeTo(url)
    if (!route.ok) return route
    const { host } = url
    let response: Response
    let body: string | null
    try {
      response = await route.value.fetch(new Request(url, { redirect: 'manual', headers }), signal)
      body = await readBody(response)
    } catch (error) {
      return fail(
        signal.aborted ? `${host} did not answer in time.` : networkErrorText(error, host, route.value.proxy),
      )
    }
    const elsewhere = redirectHost(response)
    if (elsewhere !== null) {
      const next = nextUrl(response, url)
      if (next === null) return fail(`${host} redirects to ${elsewhere}, where no update is looked for.`)
      return redirects < MAX_REDIRECTS
        ? read(next, signal, redirects + 1)
        : fail(`${host} redirects without end.`)
    }
    if (!response.ok) return fail(`${host} answered HTTP ${response.status}.`)
    return body === null ? fail(`${host} answered with too much.`) : { ok: true, value: body }
  }

  return async () => {
    const url = parseBaseUrl(options.url, options.hosts)
    return url.ok ? read(url.value, AbortSignal.timeout(TIMEOUT_MS), 0) : url
  }
}

/** Null: it is another origin. */
function nextUrl(response: Response, from: URL): URL | null {
  try {
    const next = new URL(response.headers.get('location') ?? '', from)
    return next.origin === from.origin ? next : null
  } catch {
    return null
  }
}
