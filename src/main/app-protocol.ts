import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { protocol } from 'electron'
import { pagePath, SCHEME } from './pages'

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

/** Serves the built pages below `root`. */
export function servePages(root: string): void {
  protocol.handle(SCHEME, async (request) => {
    const path = pagePath(request.url)
    const type = path === null ? undefined : types[extname(path)]
    if (path === null || type === undefined) return notFound()
    try {
      const body = await readFile(join(root, path))
      return new Response(body, { headers: { 'content-type': type, 'x-content-type-options': 'nosniff' } })
    } catch {
      return notFound()
    }
  })
}

const notFound = (): Response => new Response('Not found', { status: 404 })
