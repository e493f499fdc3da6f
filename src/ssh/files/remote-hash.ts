import { randomBytes } from 'node:crypto'
import type { Client, ClientChannel } from 'ssh2'
import { encodeName } from '../../core/files/file-name'
import { framedOutput, framedScript } from '../run/framed-script'
import { sftpError } from './sftp/sftp-error'

/** A hash, and what a server's startup files print before it. */
const MAX_OUTPUT_BYTES = 64 * 1024

const hashPrograms = [
  'if command -v sha256sum >/dev/null 2>&1; then sha256sum <"$p"',
  'elif command -v shasum >/dev/null 2>&1; then shasum -a 256 <"$p"',
  'elif command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r <"$p"',
  'elif command -v python3 >/dev/null 2>&1; then python3 -c "import hashlib, sys; h = hashlib.sha256()',
  'for b in iter(lambda: sys.stdin.buffer.read(1 << 20), b\\"\\"): h.update(b)',
  'print(h.hexdigest())" <"$p"',
  'else exit 3; fi',
].join('\n')

/** Prints the SHA-256 of a file; exits with 3 where no program can tell. */
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
export function hashRemoteFile(client: Client, path: string): Promise<string | null> {
  const nonce = randomBytes(12).toString('hex')
  const script = framedScript(hashScript(path), nonce)
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const receive = (channel: ClientChannel, bytes: Buffer): void => {
      received = Buffer.concat([received, bytes])
      if (received.length > MAX_OUTPUT_BYTES) {
        channel.destroy()
        reject(sftpError('malformed'))
      }
    }
    const settle = (): void => {
      const output = framedOutput(received, nonce)
      if (output === null) reject(sftpError('lost'))
      else if (output.exitCode === 3) resolve(null)
      else {
        const [hash] = /^[0-9a-f]{64}\b/.exec(output.bytes.toString('latin1').trim()) ?? []
        if (output.exitCode === 0 && hash !== undefined) resolve(hash)
        else reject(sftpError('failure'))
      }
    }
    try {
      client.exec('sh', (error, channel) => {
        if (error !== undefined) {
          reject(sftpError('failure'))
          return
        }
        channel.on('data', (bytes: Buffer) => receive(channel, bytes)).on('error', () => {})
        channel.on('close', settle)
        channel.stderr.on('error', () => {}).resume()
        channel.end(script)
      })
    } catch {
      reject(sftpError('lost'))
    }
  })
}
