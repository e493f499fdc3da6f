import { protocol, type Session, session } from 'electron'
import { pageResponse } from './page-response'
import { SCHEME } from '../hardening/app-pages'
import { CONFIRM_PARTITION } from './confirm-window'

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }])
}

/** Serves the built pages below `root`, in the session of the windows and in that of the confirmation window. */
export function servePages(root: string): void {
  const sessions: readonly Session[] = [session.defaultSession, session.fromPartition(CONFIRM_PARTITION)]
  for (const each of sessions) each.protocol.handle(SCHEME, (request) => pageResponse(root, request))
}
