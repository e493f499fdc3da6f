import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { errorCode } from '../data-folder/files/error-code'
import type { TlsFiles } from './tls-files'

export type ListenAt =
  | {
      readonly kind: 'address'
      /** An IP address. */
      readonly host: string
      readonly port: number
      /** Absent: it isn't encrypted. */
      readonly tls?: TlsFiles
    }
  | { readonly kind: 'socket'; readonly path: string }

/** Rejects where it cannot listen. A socket is for this user only. */
export async function listen(server: Server, listenAt: ListenAt): Promise<void> {
  try {
    await listenOnce(server, listenAt)
  } catch (cause) {
    if (listenAt.kind !== 'socket' || !(await isAbandoned(listenAt.path))) throw cause
    rmSync(listenAt.path, { force: true })
    await listenOnce(server, listenAt)
  }
}

/** Whether there is a socket at which nobody listens, as a program that was killed leaves it. */
function isAbandoned(path: string): Promise<boolean> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return Promise.resolve(false)
  return new Promise((resolve) => {
    const socket = connect(path)
    const answer = (isDead: boolean): void => {
      socket.destroy()
      resolve(isDead)
    }
    socket.once('connect', () => answer(false))
    socket.once('error', (cause) => answer(errorCode(cause) === 'ECONNREFUSED'))
  })
}

function listenOnce(server: Server, listenAt: ListenAt): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const done = (): void => {
      server.off('error', reject)
      if (listenAt.kind === 'socket') chmodSync(listenAt.path, 0o600)
      resolve()
    }
    if (listenAt.kind === 'socket') server.listen(listenAt.path, done)
    else server.listen(listenAt.port, listenAt.host, done)
  })
}
