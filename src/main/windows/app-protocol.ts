import { join } from 'node:path'
import { protocol, type Session } from 'electron'
import { pageResponse } from './page-response'
import { SCHEME } from '../hardening/app-pages'

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }])
}

/** Serves the built pages in a session; in any other one there are none. */
export function servePages(session: Session): void {
  if (session.protocol.isProtocolHandled(SCHEME)) return
  const root = join(__dirname, '../renderer')
  session.protocol.handle(SCHEME, (request) => pageResponse(root, request))
}
