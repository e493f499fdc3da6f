import type { Algorithms } from 'ssh2'

type HostKeyAlgorithm = NonNullable<Extract<Algorithms['serverHostKey'], readonly unknown[]>>[number]

/**
 * Best first. A key's own type is encoded in its bytes; an RSA key can sign in two ways here, neither of them
 * SHA-1.
 */
const hostKeys: readonly { readonly type: string; readonly algorithms: readonly HostKeyAlgorithm[] }[] = [
  { type: 'ssh-ed25519', algorithms: ['ssh-ed25519'] },
  { type: 'ecdsa-sha2-nistp256', algorithms: ['ecdsa-sha2-nistp256'] },
  { type: 'ecdsa-sha2-nistp384', algorithms: ['ecdsa-sha2-nistp384'] },
  { type: 'ecdsa-sha2-nistp521', algorithms: ['ecdsa-sha2-nistp521'] },
  { type: 'ssh-rsa', algorithms: ['rsa-sha2-512', 'rsa-sha2-256'] },
]

/**
 * The host key algorithms to request. Types of known keys come first, so that a server with several keys
 * shows one that can be compared (as OpenSSH does).
 */
export function hostKeyAlgorithms(knownTypes: readonly string[]): HostKeyAlgorithm[] {
  const known = hostKeys.filter(({ type }) => knownTypes.includes(type))
  const others = hostKeys.filter(({ type }) => !knownTypes.includes(type))
  return [...known, ...others].flatMap(({ algorithms }) => algorithms)
}

/**
 * The algorithms offered to every server. Nothing relies on SHA-1 or CBC. Key exchange uses curves only,
 * because finite-field groups take BoringSSL seconds, during which the whole app would freeze, and the server
 * makes the choice. AES-GCM comes first because it is the fastest without a native module; Electron's
 * BoringSSL has no ChaCha20. See docs/quality.md#3-ssh.
 */
export function offeredAlgorithms(knownTypes: readonly string[]): Algorithms {
  return {
    kex: [
      'curve25519-sha256',
      'curve25519-sha256@libssh.org',
      'ecdh-sha2-nistp256',
      'ecdh-sha2-nistp384',
      'ecdh-sha2-nistp521',
    ],
    serverHostKey: hostKeyAlgorithms(knownTypes),
    cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
    hmac: [
      'hmac-sha2-256-etm@openssh.com',
      'hmac-sha2-512-etm@openssh.com',
      'hmac-sha2-256',
      'hmac-sha2-512',
    ],
    compress: ['none'],
  }
}
