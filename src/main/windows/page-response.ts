import { readFile, realpath } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { headerPolicy } from '../hardening/content-security-policy'
import { pagePath } from '../hardening/app-pages'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

const HEADERS = {
  'content-security-policy': headerPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-dns-prefetch-control': 'off',
  'cross-origin-resource-policy': 'same-origin',
}

/** Serves a page's file below `root`, or 404 for any problem. */
export async function pageResponse(
  root: string,
  { url, method }: Pick<Request, 'url' | 'method'>,
): Promise<Response> {
  const path = pagePath(url)
  const type = path === null ? undefined : TYPES[extname(path)]
  if (method !== 'GET' || path === null || type === undefined) return notFound()
  try {
    const file = join(await realpath(root), path)
    // A link could lead outside the root.
    if ((await realpath(file)) !== file) return notFound()
    return new Response(await readFile(file), { headers: { ...HEADERS, 'content-type': type } })
  } catch {
    return notFound()
  }
}

const notFound = (): Response => new Response('Not found', { status: 404, headers: HEADERS })
