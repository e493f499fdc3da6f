import { randomBytes } from 'node:crypto'
import { encodeName } from '../../../core/files/file-name'
import type { AuthenticatedConnection } from '../../connection/authenticate'
import { openChannel } from '../../connection/channels'
import { framedOutput, framedScript } from '../../run/framed-script'
import { sftpError } from '../sftp/sftp-error'

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
export async function hashRemoteFile(
  connection: AuthenticatedConnection,
  path: string,
): Promise<string | null> {
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
