import { protocol } from 'electron'
import { pageResponse } from './page-response'
import { SCHEME } from '../hardening/app-pages'

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }])
}

/** Serves the built pages below `root`. */
export function servePages(root: string): void {
  protocol.handle(SCHEME, (request) => pageResponse(root, request))
}
