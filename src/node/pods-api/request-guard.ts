import type { IncomingMessage } from 'node:http'
import { isServedHost, type ServedPlace } from '../../core/pods-api/access/served-place'

/**
 * Why a request isn't accepted, as a sentence; null: it is. Browsers name the page that sends a request, and a host name
 * that was made to lead here isn't one of ours (DNS rebinding).
 */
export function originProblem(
  { headers }: IncomingMessage,
  place: Pick<ServedPlace, 'address' | 'allowedHosts'>,
): string | null {
  const { origin, host } = headers
  if (origin !== undefined) return FROM_A_PAGE
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'none') return FROM_A_PAGE
  return isServedHost(host && hostnameOf(host), place) ? null : OTHER_HOST
}

const FROM_A_PAGE = 'This API serves programs, and no web page.'
const OTHER_HOST = 'This API is not served by this host name. To allow it, use podkeeper serve --allow-host.'

/** Without the port, and without brackets around an IPv6 address. */
const hostnameOf = (host: string): string => host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')

/** The token of a request; null without one. `acceptsPassword`: browsers ask for one to show a page. */
export function presentedToken({ headers }: IncomingMessage, acceptsPassword: boolean): string | null {
  const authorization = headers.authorization ?? ''
  const bearer = /^Bearer +([\w.~+/=-]{1,500})$/i.exec(authorization)?.[1]
  if (bearer !== undefined) return bearer
  if (!acceptsPassword) return null
  const basic = /^Basic +([A-Za-z0-9+/=]{1,1000})$/i.exec(authorization)?.[1]
  if (basic === undefined) return null
  return Buffer.from(basic, 'base64').toString().split(':').slice(1).join(':') || null
}

/** The body; a status if it is too large or its sender went away. */
export async function readRequestBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<string | 413 | 408> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    // The connection stays, so that the reply arrives: what wasn't read is skipped until the request has to be over.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length
      if (bytes > maxBytes) return 413
      chunks.push(chunk as Buffer)
    }
  } catch {
    return 408
  }
  return Buffer.concat(chunks).toString()
}
