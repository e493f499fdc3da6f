import { readFileSync } from 'node:fs'
import type { Server } from 'node:https'
import { createSecureContext } from 'node:tls'
import { MINUTE_MS } from '../../core/base/time/time'
import { fileStamp } from '../data-folder/files/file-stamp'

/** Paths of PEM files. */
export interface TlsFiles {
  /** With the chain up to, but without, the root. */
  readonly certPath: string
  readonly keyPath: string
}

const CHECK_EVERY_MS = MINUTE_MS

/**
 * Throws unless both files can be read and belong together. Uses them again soon after they were replaced, until the
 * server is closed. Where the new ones can't be used, those before stay: one of both may not be replaced yet.
 * `report`: called once for each state of the files that isn't used.
 */
export function useTlsFiles(
  server: Server,
  { certPath, keyPath }: TlsFiles,
  report: (cause: unknown) => void,
  everyMs = CHECK_EVERY_MS,
): void {
  const stampOf = (): string => `${fileStamp(certPath)} ${fileStamp(keyPath)}`
  const use = (): void => {
    const pair = { cert: readFileSync(certPath), key: readFileSync(keyPath) }
    // It throws where they don't belong together, which the server doesn't.
    createSecureContext(pair)
    server.setSecureContext(pair)
  }
  let stamp = stampOf()
  use()
  const timer = setInterval(() => {
    const now = stampOf()
    if (now === stamp) return
    stamp = now
    try {
      use()
    } catch (cause) {
      report(cause)
    }
  }, everyMs)
  timer.unref()
  server.once('close', () => clearInterval(timer))
}
