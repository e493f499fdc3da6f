import { type PublicKey, readField, readPublicKey, splitFields } from './public-key'

/** The result of parsing a file that should contain a private key. */
export type ParsedKeyFile =
  | { readonly kind: 'private'; readonly isLocked: boolean; readonly publicKey: PublicKey | null }
  /** `problem` is a user-facing sentence. */
  | { readonly kind: 'unusable'; readonly problem: string }

const MAGIC = 'openssh-key-v1\0'

export function parseKeyFile(text: string): ParsedKeyFile {
  const trimmed = text.trim()
  if (trimmed === '') return unusable('The file is empty.')
  if (trimmed.startsWith('PuTTY-User-Key-File-')) {
    return unusable('This is a key in PuTTY’s format. PuTTYgen exports it as an OpenSSH key.')
  }
  if (/^(SHA256:|MD5:|([0-9a-f]{2}:){15}[0-9a-f]{2}\b)/i.test(trimmed)) {
    return unusable('This is the fingerprint of a key, not the key.')
  }
  if (
    /^(ssh-|ecdsa-sha2-|sk-)\S+ AAAA|^---- BEGIN SSH2 PUBLIC KEY|^-----BEGIN (RSA )?PUBLIC KEY/.test(trimmed)
  ) {
    return unusable('This is a public key. The private key is usually next to it, without “.pub”.')
  }
  const { label, body } = pemOf(text)
  if (label === 'OPENSSH PRIVATE KEY') return parseOpenSshKey(body)
  if (label === 'RSA PRIVATE KEY' || label === 'EC PRIVATE KEY') {
    return { kind: 'private', isLocked: body.includes('ENCRYPTED'), publicKey: null }
  }
  if (label === 'DSA PRIVATE KEY') return unusable('DSA keys are no longer secure. Servers reject them.')
  if (label === 'PRIVATE KEY' || label === 'ENCRYPTED PRIVATE KEY') {
    return unusable(
      'This key is in the PKCS #8 format. “ssh-keygen -p -f FILE” rewrites it as an OpenSSH key.',
    )
  }
  return unusable('This is not a private key.')
}

function parseOpenSshKey(base64: string): ParsedKeyFile {
  const header = openSshHeader(base64)
  if (header === null) return unusable('This key is damaged.')
  const publicKey = readPublicKey(header.blob)
  if (publicKey !== null) return { kind: 'private', isLocked: header.isLocked, publicKey }
  const type = splitFields(header.blob)?.[0]?.toString('latin1') ?? ''
  if (type === 'ssh-ed25519') return unusable('This key is damaged.')
  return unusable(
    type.startsWith('sk-')
      ? 'This key needs a hardware security key, which Podkeeper can use only through ssh-agent.'
      : 'Podkeeper does not support this type of key.',
  )
}

/**
 * The public half, valid or not, of an OpenSSH private key without a passphrase; null if the text is
 * something else.
 */
export function publicBlobOfUnlocked(text: string): Buffer | null {
  const { label, body } = pemOf(text)
  const header = label === 'OPENSSH PRIVATE KEY' ? openSshHeader(body) : null
  return header === null || header.isLocked ? null : header.blob
}

/** The public half is not encrypted (OpenSSH, PROTOCOL.key). */
function openSshHeader(base64: string): { readonly isLocked: boolean; readonly blob: Buffer } | null {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) return null
  const cipher = readField(bytes, MAGIC.length)
  const derivation = readField(bytes, cipher?.endOffset)
  const options = readField(bytes, derivation?.endOffset)
  // Skips the number of keys, which is always one.
  const blob = readField(bytes, options === null ? undefined : options.endOffset + 4)?.bytes
  return blob === undefined ? null : { isLocked: cipher?.bytes.toString('latin1') !== 'none', blob }
}

function pemOf(text: string): { readonly label: string; readonly body: string } {
  const [, label = '', body = ''] =
    /^-----BEGIN ([A-Z0-9 ]+)-----\r?\n([\s\S]+?)-----END \1-----/.exec(text.trim()) ?? []
  return { label, body }
}

/** The key on the first line of a `.pub` file; null if there is none. */
export function parsePublicKeyLine(text: string): PublicKey | null {
  const [algorithm, base64] = text.trim().split(/\s+/)
  const key = base64 === undefined ? null : readPublicKey(Buffer.from(base64, 'base64'))
  return key !== null && key.algorithm === algorithm ? key : null
}

const unusable = (problem: string): ParsedKeyFile => ({ kind: 'unusable', problem })
