import { isIP } from 'node:net'
import { type PlaceProblem, parseHostName, placeProblem } from '../../core/pods-api/access/served-place'
import { DEFAULT_API_PORT } from '../../core/settings/definitions/api-settings'
import type { ListenAt } from '../../node/pods-api/listen-at'
import { CliExit, exitCodes } from '../output/exit'
import type { Commands, GlobalOptions } from '../program/command-types'
import { servePlaceText } from './serve-place-text'

const LOOPBACK = '127.0.0.1'

interface ServePlaceOptions {
  readonly listenAt: ListenAt
  readonly allowedHosts: readonly string[]
}

/** Throws a `CliExit` for a place where tokens would not be safe. */
export function servePlaceOf(
  options: Omit<Parameters<Commands['serve']>[0], keyof GlobalOptions>,
): ServePlaceOptions {
  const { socket, port = DEFAULT_API_PORT, bind = LOOPBACK, tlsCert, tlsKey, behindProxy } = options
  if (isIP(bind) === 0) throw usage(servePlaceText.badAddress(bind))
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw usage(servePlaceText.halfTls)
  const tls =
    tlsCert === undefined || tlsKey === undefined ? undefined : { certPath: tlsCert, keyPath: tlsKey }
  const allowedHosts = (options.allowHost ?? []).map((given) => {
    const name = parseHostName(given)
    if (name === null) throw usage(servePlaceText.badHost(given))
    return name
  })
  const problem = placeProblem({
    address: socket === undefined ? bind : null,
    hasTls: tls !== undefined,
    isBehindProxy: behindProxy === true,
    allowedHosts,
  })
  if (problem !== null) throw usage(problemTexts[problem](bind))
  return {
    allowedHosts,
    listenAt:
      socket === undefined
        ? { kind: 'address', host: bind, port, ...(tls && { tls }) }
        : { kind: 'socket', path: socket },
  }
}

const problemTexts: Readonly<Record<PlaceProblem, (address: string) => string>> = {
  'needs-encryption': servePlaceText.needsEncryption,
  'needs-host': servePlaceText.needsHost,
}

const usage = (message: string): CliExit => new CliExit(exitCodes.usage, message)

/** Where it is served, without a path. `port`: null at a socket. */
export function servedAddress(listenAt: ListenAt, port: number | null): string {
  if (listenAt.kind === 'socket') return listenAt.path
  const host = isIP(listenAt.host) === 6 ? `[${listenAt.host}]` : listenAt.host
  return `${listenAt.tls === undefined ? 'http' : 'https'}://${host}:${port ?? listenAt.port}`
}
