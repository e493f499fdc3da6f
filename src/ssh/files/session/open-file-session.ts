import { randomBytes } from 'node:crypto'
import type { ClientChannel } from 'ssh2'
import { fail, ok, type Result } from '../../../core/base/result'
import { encodeName } from '../../../core/files/file-name'
import type { SshFailure } from '../../../core/terminal/host-key'
import type { AuthenticatedConnection } from '../../connection/authenticate'
import { openChannel } from '../../connection/channels'
import type { Connect } from '../../connection/connect'
import type { ConnectPrompts, SshTarget } from '../../connection/ssh-shell'
import { framedOutput, framedScript } from '../../run/framed-script'
import { openSftpClient, type SftpClient } from '../sftp/sftp-client'
import { sftpError } from '../sftp/sftp-error'
import { ifOfFile } from './transfer-problems'

/** Exit code. */
const NO_PROGRAM = 3
/** A hash, and what a server's startup files print before it. */
const MAX_OUTPUT_BYTES = 64 * 1024

const hashPrograms = [
  'if command -v sha256sum >/dev/null 2>&1; then sha256sum <"$p"',
  'elif command -v shasum >/dev/null 2>&1; then shasum -a 256 <"$p"',
  'elif command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r <"$p"',
  'elif command -v python3 >/dev/null 2>&1; then python3 -c "import hashlib, sys; h = hashlib.sha256()',
  'for b in iter(lambda: sys.stdin.buffer.read(1 << 20), b\\"\\"): h.update(b)',
  'print(h.hexdigest())" <"$p"',
  `else exit ${NO_PROGRAM}; fi`,
].join('\n')

/** A connection for files. */
export interface FileSession {
  readonly sftp: SftpClient
  /** Whether the pod has a program that hashes files. */
  canHash(): Promise<boolean>
  /** See `hashRemoteFile`. */
  hashFile(path: string): Promise<string | null>
  /** Closes the connection. */
  readonly close: () => void
}

/**
 * Connects to a pod for its files, by direct SSH only. An OpenSSH that isn't set up for SFTP but has its server
 * is started by its path. See docs/product-rules.md#133-files.
 */
export type OpenFileSession = (
  target: SshTarget,
  prompts: ConnectPrompts,
  signal: AbortSignal,
) => Promise<Result<FileSession, SshFailure>>

export function createOpenFileSession(connect: Connect): OpenFileSession {
  return (target, prompts, signal) =>
    connect(
      { ...target, ssh: { ...target.ssh, proxy: null } },
      prompts,
      signal,
      async (connection, server, opening) => {
        const { client } = connection
        const abort = (): void => void client.destroy()
        opening.addEventListener('abort', abort)
        try {
          const sftp = await openSubsystem(connection).catch(() => openByPath(connection))
          let hashing: Promise<boolean> | null = null
          const canHash = async (): Promise<boolean> =>
            (await hashRemoteFile(connection, '/dev/null').catch(ifOfFile(null))) !== null
          return ok({
            sftp,
            canHash: () => (hashing ??= canHash()),
            hashFile: (path) => hashRemoteFile(connection, path),
            close() {
              sftp.close()
              connection.disconnect()
            },
          })
        } catch {
          const loss = connection.lossReason()
          connection.disconnect()
          if (loss !== null) return fail({ kind: 'unreachable', server, message: loss })
          return fail({ kind: 'no-shell', message: 'Its SSH server has no SFTP, which files need.' })
        } finally {
          opening.removeEventListener('abort', abort)
        }
      },
    )
}

async function openSubsystem(connection: AuthenticatedConnection): Promise<SftpClient> {
  return openSftpClient(await openChannel(connection, { kind: 'subsystem', name: 'sftp' }))
}

/** Where systems have OpenSSH's server. */
const places = [
  '/usr/lib/openssh/sftp-server',
  '/usr/lib/ssh/sftp-server',
  '/usr/libexec/openssh/sftp-server',
  '/usr/libexec/sftp-server',
]
/** What startup files may print first. */
const MAX_GREETING_BYTES = 64 * 1024

async function openByPath(connection: AuthenticatedConnection): Promise<SftpClient> {
  const marker = randomBytes(12).toString('hex')
  const find = `for s in ${places.join(' ')}; do if [ -x $s ]; then printf %s ${marker}; exec $s; fi; done`
  const channel = await openChannel(connection, { kind: 'command', command: `exec sh -c '${find}'` })
  try {
    await skipTo(channel, marker)
  } catch (error) {
    channel.destroy()
    throw error
  }
  return openSftpClient(channel)
}

/** Reads up to and with the marker. */
function skipTo(channel: ClientChannel, marker: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const settle = (run: () => void): void => {
      channel.off('data', read).off('end', giveUp).off('close', giveUp).pause()
      run()
    }
    const giveUp = (): void => settle(() => reject(sftpError('unsupported')))
    const read = (bytes: Buffer): void => {
      received = Buffer.concat([received, bytes])
      const at = received.indexOf(marker)
      if (at === -1) {
        if (received.length > MAX_GREETING_BYTES) giveUp()
        return
      }
      const rest = received.subarray(at + marker.length)
      settle(() => {
        if (rest.length > 0) channel.unshift(rest)
        resolve()
      })
    }
    channel.on('data', read).on('end', giveUp).on('close', giveUp)
  })
}

/** Prints the SHA-256 of a file; exits with `NO_PROGRAM` where no program can tell. */
function hashScript(path: string): string {
  const bytes = encodeName(path)
  if (bytes === null) throw sftpError('bad-name')
  const escaped = Array.from(bytes, (byte) => `\\0${byte.toString(8).padStart(3, '0')}`)
  const lines = Array.from({ length: Math.ceil(escaped.length / 100) }, (_, at) =>
    escaped.slice(at * 100, at * 100 + 100).join(''),
  )
  // What a command prints loses line feeds at its end.
  return [`p="$(printf '%bx' '${lines.join("'\\\n'")}')"`, 'p="${p%x}"', hashPrograms].join('\n')
}

/**
 * The SHA-256 of a file on the pod in lower-case hexadecimal, by whichever program it has; null where it has none.
 * Throws an `SftpError`.
 */
async function hashRemoteFile(connection: AuthenticatedConnection, path: string): Promise<string | null> {
  const nonce = randomBytes(12).toString('hex')
  const script = framedScript(hashScript(path), nonce)
  const channel = await openChannel(connection, { kind: 'command', command: 'sh' }).catch(() => {
    throw sftpError(connection.lossReason() === null ? 'failure' : 'lost')
  })
  channel.end(script)
  let received = Buffer.alloc(0)
  for await (const bytes of channel) {
    received = Buffer.concat([received, bytes as Buffer])
    if (received.length > MAX_OUTPUT_BYTES) throw sftpError('malformed')
  }
  const output = framedOutput(received, nonce)
  if (output === null) throw sftpError('lost')
  if (output.exitCode === NO_PROGRAM) return null
  const [hash] = /^[0-9a-f]{64}\b/.exec(output.bytes.toString('latin1').trim()) ?? []
  if (output.exitCode !== 0 || hash === undefined) throw sftpError('failure')
  return hash
}
