import { randomBytes } from 'node:crypto'
import type { ClientChannel } from 'ssh2'
import { fail, ok, type Result } from '../../core/base/result'
import type { AuthenticatedConnection } from '../connection/authenticate'
import { openChannel } from '../connection/channels'
import type { Connect } from '../connection/connect'
import type { ConnectPrompts, SshTarget } from '../connection/ssh-shell'
import { framedOutput, framedScript } from './framed-script'
import { type RunFailure, toRunFailure } from './run-failure'
import { unattendedPrompts } from './unattended'

/** A connection that runs one script after the other, each in a channel of its own. */
export interface ScriptSession {
  /** Runs a script; see `Command`. One that takes too long is left to itself, and the connection is closed. */
  run(script: string, limitMs: number): Promise<Result<string, RunFailure>>
  readonly close: () => void
}

/** Connects to a pod by direct SSH only. `prompts`: null asks nothing, see `RunCommand`. */
export type OpenScriptSession = (
  target: SshTarget,
  prompts: ConnectPrompts | null,
  signal: AbortSignal,
) => Promise<Result<ScriptSession, RunFailure>>

const MAX_OUTPUT_BYTES = 256 * 1024
const TOO_MUCH: RunFailure = { kind: 'no-answer', reason: 'it printed too much' }

export function createOpenScriptSession(connect: Connect): OpenScriptSession {
  return async (target, prompts, signal) => {
    const unattended = unattendedPrompts()
    const directly = { ...target, ssh: { ...target.ssh, proxy: null } }
    const opened = await connect(directly, prompts ?? unattended, signal, (connection) =>
      Promise.resolve(ok(createSession(connection))),
    )
    return opened.ok ? opened : fail(toRunFailure(opened.error, unattended.question()))
  }
}

function createSession(connection: AuthenticatedConnection): ScriptSession {
  const close = connection.disconnect
  const loss = (): RunFailure => {
    const why = connection.lossReason()?.replace(/\.$/, '')
    return { kind: 'connection-lost', reason: `the connection was lost${why ? ` (${why})` : ''}` }
  }

  async function run(script: string): Promise<Result<string, RunFailure>> {
    try {
      const channel = await openChannel(connection, { kind: 'command', command: 'sh' })
      return await runInChannel(channel, script, loss)
    } catch {
      return fail(connection.lossReason() === null ? NO_SHELL : loss())
    }
  }
  return {
    async run(script, limitMs) {
      let timer: NodeJS.Timeout | undefined
      const tooLate = new Promise<Result<string, RunFailure>>((resolve) => {
        const reason = `it took longer than ${Math.round(limitMs / 1_000)} s`
        timer = setTimeout(() => resolve(fail({ kind: 'timed-out', reason })), limitMs)
      })
      const result = await Promise.race([run(script), tooLate])
      clearTimeout(timer)
      if (!result.ok) close()
      return result
    },
    close,
  }
}

const NO_SHELL: RunFailure = { kind: 'no-shell', reason: 'its SSH server runs no commands' }

function runInChannel(
  channel: ClientChannel,
  script: string,
  loss: () => RunFailure,
): Promise<Result<string, RunFailure>> {
  const nonce = randomBytes(12).toString('hex')
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let receivedBytes = 0
    const settle = (result: Result<string, RunFailure>): void => {
      channel.removeAllListeners('data').close()
      resolve(result)
    }
    channel.on('data', (bytes: Buffer) => {
      parts.push(bytes)
      receivedBytes += bytes.length
      if (receivedBytes > MAX_OUTPUT_BYTES) settle(fail(TOO_MUCH))
    })
    channel.on('close', () => {
      const output = framedOutput(Buffer.concat(parts), nonce)
      settle(output === null ? fail(loss()) : ok(output.bytes.toString('utf8').replaceAll('\r\n', '\n')))
    })
    channel.end(framedScript(script, nonce))
  })
}
