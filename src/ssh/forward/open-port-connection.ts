import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { fail, ok, type Result } from '../../core/base/result'
import { openChannel } from '../connection/channels'
import type { Connect } from '../connection/connect'
import type { ConnectPrompts, SshTarget } from '../connection/ssh-shell'
import { type RunFailure, toRunFailure } from '../run/run-failure'
import { unattendedPrompts } from '../run/unattended'

/** A connection to a port of a pod. */
export interface PortChannel {
  readonly stream: Duplex
  /** Whether it ended because the connection below was lost, and not because the other side had sent everything. */
  readonly isCut: () => boolean
}

/** A connection whose channels lead to ports of a pod. */
export interface PortConnection {
  /** Connects to a port of the pod's own loopback. `refused`: nothing listens there; `lost`: see below. */
  openPort(port: number): Promise<Result<PortChannel, 'refused' | 'lost'>>
  /** Resolves to why it was lost, as a sentence; null: it was closed here. */
  readonly lost: Promise<string | null>
  readonly close: () => void
}

/** How long a connection that lost its channels may take to end, ms. */
const LOSS_MS = 1_000

/** Connects to a pod for its ports, by direct SSH only. Without prompts nothing is asked: see `RunCommand`. */
export type OpenPortConnection = (
  target: SshTarget,
  signal: AbortSignal,
  prompts?: ConnectPrompts,
) => Promise<Result<PortConnection, RunFailure>>

export function createOpenPortConnection(connect: Connect): OpenPortConnection {
  return async (target, signal, asking) => {
    const unattended = unattendedPrompts()
    const directly = { ...target, ssh: { ...target.ssh, proxy: null } }
    const opened = await connect(directly, asking ?? unattended, signal, (connection) => {
      const { client, disconnect } = connection
      let isClosedHere = false
      const lost = new Promise<string | null>((resolve) => {
        const settle = (): void =>
          resolve(isClosedHere ? null : (connection.lossReason() ?? 'The connection was lost.'))
        client.once('close', settle)
        if (connection.lossReason() !== null) settle()
      })
      const isCut = (): boolean => connection.lossReason() !== null
      const open = async (host: string, port: number): Promise<Result<PortChannel, 'refused' | 'lost'>> => {
        try {
          return ok({ stream: await openChannel(connection, { kind: 'port', host, port }), isCut })
        } catch (error) {
          // A refusal has a number; a connection that is lost at this moment may not say so yet.
          const isRefused = error instanceof Error && 'reason' in error && typeof error.reason === 'number'
          if (!isRefused) await Promise.race([lost, wait(LOSS_MS)])
          return fail(isCut() ? 'lost' : 'refused')
        }
      }
      return Promise.resolve(
        ok({
          async openPort(port: number) {
            const first = await open('127.0.0.1', port)
            return !first.ok && first.error === 'refused' ? open('::1', port) : first
          },
          lost,
          close() {
            isClosedHere = true
            disconnect()
          },
        }),
      )
    })
    return opened.ok ? opened : fail(toRunFailure(opened.error, unattended.question()))
  }
}
