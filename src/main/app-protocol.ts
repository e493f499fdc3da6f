import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { protocol } from 'electron'

/** Windows are served from `podkeeper://app/`, an origin of their own, never from file://. */
const SCHEME = 'podkeeper'
const HOST = 'app'

export const windowUrl = (page: string): string => `${SCHEME}://${HOST}/${page}`

/** Whether a frame's address is one of our pages. Prefixes of strings prove nothing, hence the parsing. */
export function isOurUrl(address: string): boolean {
  try {
    const { protocol: scheme, host, username, password } = new URL(address)
    return scheme === `${SCHEME}:` && host === HOST && username === '' && password === ''
  } catch {
    return false
  }
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }])
}

/** Serves the built pages of `root`; plain names only, so that no address leads out of it. */
export function servePages(root: string): void {
  protocol.handle(SCHEME, async (request) => {
    const path = pagePath(request.url)
    const type = path === null ? undefined : types[extname(path)]
    if (path === null || type === undefined) return new Response('Not found', { status: 404 })
    try {
      const body = await readFile(join(root, path))
      return new Response(body, { headers: { 'content-type': type, 'x-content-type-options': 'nosniff' } })
    } catch {
      return new Response('Not found', { status: 404 })
    }
  })
}

/** The file that an address names, below the root of the pages; null when it names none. */
export function pagePath(address: string): string | null {
  if (!isOurUrl(address)) return null
  const { pathname } = new URL(address)
  const parts = pathname.split('/').slice(1)
  return parts.every((part) => /^[\w-][\w.-]*$/.test(part)) ? parts.join('/') : null
}
