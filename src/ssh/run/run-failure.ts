import type { HostKeyQuestion, SshFailure } from '../../core/terminal/host-key'

/** Why a command has no result. `reason` is a clause for display: "its host key isn't trusted yet". */
export interface RunFailure {
  readonly kind:
    | 'no-route'
    | 'unreachable'
    | 'host-key-untrusted'
    | 'host-key-changed'
    | 'not-asked'
    | 'no-key'
    | 'key-locked'
    | 'keys-refused'
    | 'no-shell'
    | 'connection-lost'
    | 'no-answer'
    | 'timed-out'
    | 'aborted'
  readonly reason: string
}

/** `question`: what would have been asked about the host key; null if nothing. */
export function toRunFailure(failure: SshFailure, question: HostKeyQuestion | null): RunFailure {
  switch (failure.kind) {
    case 'no-route':
      return { kind: 'no-route', reason: 'it offers no SSH connection' }
    case 'no-ssh-server': {
      const { host, port } = failure.server
      return { kind: 'unreachable', reason: `no SSH server answers at ${host}:${port}` }
    }
    case 'unreachable':
      return {
        kind: 'unreachable',
        reason: `its SSH server can't be reached (${failure.message.replace(/\.$/, '')})`,
      }
    case 'no-common-algorithm':
      return { kind: 'unreachable', reason: 'its SSH server supports no secure algorithms' }
    case 'packet-too-long':
      return { kind: 'unreachable', reason: "its SSH server's greeting is too long" }
    case 'host-key-changed':
      return { kind: 'host-key-changed', reason: 'its host key changed' }
    case 'host-key-revoked':
      return { kind: 'host-key-changed', reason: 'its host key is revoked' }
    case 'not-asked':
      return { kind: 'not-asked', reason: failure.message.replace(/\.$/, '') }
    case 'host-key-declined':
      return question?.kind === 'changed-by-restart'
        ? { kind: 'host-key-changed', reason: 'its host key changed when it was restarted' }
        : { kind: 'host-key-untrusted', reason: "its host key isn't trusted yet" }
    case 'no-key':
      return { kind: 'no-key', reason: 'this computer has no SSH key for it' }
    case 'no-registered-key':
      return { kind: 'no-key', reason: "none of this computer's SSH keys is registered with the account" }
    case 'passphrase-declined':
    case 'key-too-slow':
      return { kind: 'key-locked', reason: "this computer's SSH key needs its passphrase first" }
    case 'keys-refused':
      return { kind: 'keys-refused', reason: "it accepts none of this computer's SSH keys" }
    case 'no-shell':
      return { kind: 'no-shell', reason: 'its SSH server runs no commands' }
  }
}
