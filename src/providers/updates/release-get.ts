import { fail, ok, type Result } from '../../core/base/result'
import { networkErrorText } from '../http/network-error-text'
import type { ProxyEnvironment } from '../http/proxy'
import { redirectHost } from '../http/response'
import { createTransport } from '../http/transport'
import { releaseText } from './release-text'

export interface ReleaseGetOptions {
  /** Podkeeper's version, for `User-Agent`. */
  readonly version: string
  readonly proxyEnvironment: ProxyEnvironment
}

/** A response, and what reads its body; the error is a sentence. */
export type ReleaseGet = <T>(
  url: URL,
  request: { readonly headers?: Record<string, string>; readonly signal: AbortSignal },
  read: (response: Response) => Promise<Result<T, string>>,
) => Promise<Result<T, string>>

const MAX_REDIRECTS = 3

/**
 * Gets what releases consist of. A redirect to another host or port is not followed, and nothing is sent but the version.
 * Never rejects.
 */
export function createReleaseGet(options: ReleaseGetOptions): ReleaseGet {
  const transport = createTransport(options.proxyEnvironment)
  const ownHeaders = { 'user-agent': `podkeeper/${options.version}` }

  return async function get(url, { headers, signal }, read) {
    const { host } = url
    let next = url
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const route = transport.routeTo(next)
      if (!route.ok) return route
      try {
        const request = new Request(next, { redirect: 'manual', headers: { ...ownHeaders, ...headers } })
        const response = await route.value.fetch(request, signal)
        const elsewhere = redirectHost(response)
        if (elsewhere === null) return await read(response)
        await response.body?.cancel()
        const target = nextUrl(response, next)
        if (target === null) return fail(releaseText.redirectsElsewhere(host, elsewhere))
        next = target
      } catch (error) {
        return fail(
          signal.aborted ? releaseText.tooLate(host) : networkErrorText(error, host, route.value.proxy),
        )
      }
    }
    return fail(releaseText.redirectsWithoutEnd(host))
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

/** The response, or what its status says; both are read by nobody yet. */
export const successful = (response: Response, host: string): Result<Response, string> =>
  response.ok ? ok(response) : fail(releaseText.status(host, response.status))
