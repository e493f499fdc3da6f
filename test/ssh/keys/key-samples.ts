import { type PublicKey, readPublicKey } from '../../../src/ssh/keys/public-key'

/** SSH strings, each prefixed with its length. */
export function fields(...parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part as string)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}

/** A well-formed key without a private half. */
export function ed25519(seed: number): PublicKey {
  return known(fields('ssh-ed25519', Buffer.alloc(32, seed)))
}

export function ecdsa(seed: number): PublicKey {
  const point = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, seed)])
  return known(fields('ecdsa-sha2-nistp256', 'nistp256', point))
}

/** With a modulus of this many bits. */
export function rsa(bits: number): PublicKey {
  const modulus = Buffer.alloc(Math.ceil(bits / 8), 0xff)
  modulus[0] = 0xff >> ((8 - (bits % 8)) % 8)
  const signed = (modulus[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), modulus]) : modulus
  return known(fields('ssh-rsa', Buffer.from([1, 0, 1]), signed))
}

/** An OpenSSH key whose passphrase requires four billion rounds to check. */
export function endlessKey(text: string): string {
  const bytes = Buffer.from(text.replaceAll(/^-.*$/gm, ''), 'base64')
  // After the 16-byte salt that `ssh-keygen` generates.
  const rounds = bytes.indexOf(Buffer.from('bcrypt')) + 'bcrypt'.length + 4 + 4 + 16
  bytes.writeUInt32BE(0xffff_ffff, rounds)
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${bytes.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`
}

export const lineOf = ({ algorithm, blob }: PublicKey): string => `${algorithm} ${blob.toString('base64')}`

function known(blob: Buffer): PublicKey {
  const key = readPublicKey(blob)
  if (key === null) throw new Error('This sample is no key.')
  return key
}
