import type { Algorithms } from 'ssh2'

type HostKeyAlgorithm = NonNullable<Extract<Algorithms['serverHostKey'], readonly unknown[]>>[number]

/** Best first. A key's own type is that of its bytes; an RSA key signs in two ways, SHA-1 not among them. */
const hostKeys: readonly { readonly type: string; readonly algorithms: readonly HostKeyAlgorithm[] }[] = [
  { type: 'ssh-ed25519', algorithms: ['ssh-ed25519'] },
  { type: 'ecdsa-sha2-nistp256', algorithms: ['ecdsa-sha2-nistp256'] },
  { type: 'ecdsa-sha2-nistp384', algorithms: ['ecdsa-sha2-nistp384'] },
  { type: 'ecdsa-sha2-nistp521', algorithms: ['ecdsa-sha2-nistp521'] },
  { type: 'ssh-rsa', algorithms: ['rsa-sha2-512', 'rsa-sha2-256'] },
]

/**
 * The host key algorithms to ask for: those of known keys first, so that a server with keys of several types shows the
 * one that can be compared (as OpenSSH does).
 */
export function hostKeyAlgorithms(knownTypes: readonly string[]): HostKeyAlgorithm[] {
  const known = hostKeys.filter(({ type }) => knownTypes.includes(type))
  const others = hostKeys.filter(({ type }) => !knownTypes.includes(type))
  return [...known, ...others].flatMap(({ algorithms }) => algorithms)
}

/**
 * What is offered to every server: nothing that rests on SHA-1 or CBC, and curves only: a group of numbers costs BoringSSL
 * seconds, in which the whole app would stand still, and the server is who chooses. AES-GCM first, which is the fastest
 * without an add-on; ChaCha20 is missing from Electron's BoringSSL.
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
