import { parseProbe, probeScript, type SessionProbe } from '../../core/terminal/tmux/session-scripts'
import type { AuthenticatedConnection } from '../connection/authenticate'
import { openChannel } from '../connection/channels'
import type { SessionRequest } from '../connection/ssh-shell'
import { framedOutput, framedScript } from '../run/framed-script'
import { newNonce } from './control-shell'

/** A server that ignores what it is asked to run may never answer. */
const LIMIT_MS = 5_000
const MAX_OUTPUT_BYTES = 64 * 1024

/** Asks a pod whether it can keep a session, by a channel beside the shell. It takes part in nothing else there. */
export async function probeSessions(
  connection: AuthenticatedConnection,
  { name, endedNames }: Pick<SessionRequest, 'name' | 'endedNames'>,
  signal: AbortSignal,
): Promise<SessionProbe> {
  const failed: SessionProbe = { kind: 'none', reason: 'failed', installCommand: null }
  try {
    const nonce = newNonce()
    const channel = await openChannel(connection, { kind: 'command', command: 'sh' })
    const output = await new Promise<string | null>((resolve) => {
      let received: Buffer = Buffer.alloc(0)
      const settle = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', settle)
        channel.close()
        const framed = framedOutput(received, nonce)
        resolve(framed === null ? null : framed.bytes.toString('latin1'))
      }
      const timer = setTimeout(settle, LIMIT_MS)
      signal.addEventListener('abort', settle)
      channel.on('close', settle)
      channel.on('data', (bytes: Buffer) => {
        received = Buffer.concat([received, bytes])
        if (received.length > MAX_OUTPUT_BYTES || framedOutput(received, nonce) !== null) settle()
      })
      if (signal.aborted) settle()
      else channel.write(framedScript(probeScript(name, endedNames), nonce))
    })
    return output === null ? failed : parseProbe(output)
  } catch {
    // The server opens no such channel. If the connection is lost, opening the shell reports that.
    return failed
  }
}
