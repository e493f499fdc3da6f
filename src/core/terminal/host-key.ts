import type { AccountId, SshRoute } from '../pods/pod'

/** A server's key as users compare it. */
export interface HostKeyView {
  /** "ssh-ed25519". */
  readonly algorithm: string
  /** "SHA256:…", base64 without padding, as `ssh-keygen -l` writes it. */
  readonly fingerprint: string
}

/** "ed25519" for "ssh-ed25519". */
export function keyTypeText({ algorithm }: Pick<HostKeyView, 'algorithm'>): string {
  return algorithm.replace(/^ssh-|-sha2-nistp.*$/g, '')
}

/** The server that presents the host key: a single pod, or the proxy for all pods. */
export interface SshServerName {
  readonly route: SshRoute
  readonly host: string
  readonly port: number
}

/** "205.196.19.52:11452", "[2001:db8::1]:22". */
export function serverText({ host, port }: Pick<SshServerName, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** A server whose key has to be trusted before anything that identifies the user is sent to it. */
interface OfferedHostKey {
  /** For which it would be trusted: a key is pinned by account. */
  readonly accountId: AccountId
  readonly server: SshServerName
  readonly username: string
  /** It is a proxy that the provider is known to use, not just one that the API names. */
  readonly isKnownProxy: boolean
  readonly offered: HostKeyView
  /** The key that the queue accepted for jobs since the pod's start. Absent: none. */
  readonly acceptedForJobs?: HostKeyView & { readonly atMs: number }
  /** The key that another account knows of the same proxy, one that differs first. Absent: none. */
  readonly knownByAnotherAccount?: HostKeyView
}

/** Asked in main's own window. */
export type HostKeyQuestion =
  | ({ readonly kind: 'new' } & OfferedHostKey)
  /** The key differs from the known one, and the pod was restarted since that was recorded. */
  | ({ readonly kind: 'changed-by-restart'; readonly known: HostKeyView } & OfferedHostKey)

/** A question of a connection that nobody saw; the reason is a sentence. */
export interface NotAsked {
  readonly notAsked: string
}

/** Why there is no connection. No automatic retry follows these failures. */
export type SshFailure =
  /** The pod is not running or publishes no SSH endpoint. */
  | { readonly kind: 'no-route' }
  /** The port is open but no SSH server responds: the image runs none. */
  | { readonly kind: 'no-ssh-server'; readonly server: SshServerName }
  | { readonly kind: 'unreachable'; readonly server: SshServerName; readonly message: string }
  /** The server offers no algorithm that is safe or supported. */
  | { readonly kind: 'no-common-algorithm'; readonly server: SshServerName; readonly message: string }
  /**
   * After the host key was verified, a packet exceeded the maximum of SSH: a long banner or corrupted data.
   */
  | { readonly kind: 'packet-too-long'; readonly server: SshServerName }
  /** Blocked: the key differs from the known one, and no restart explains that. */
  | {
      readonly kind: 'host-key-changed'
      readonly server: SshServerName
      readonly offered: HostKeyView
      readonly known: HostKeyView
      /**
       * The known key is in `~/.ssh/known_hosts`, which Podkeeper never changes, so forgetting it does not
       * help.
       */
      readonly knownBy?: 'known_hosts'
    }
  /** `known_hosts` says that this key is revoked. */
  | { readonly kind: 'host-key-revoked'; readonly server: SshServerName; readonly offered: HostKeyView }
  | { readonly kind: 'host-key-declined' }
  | { readonly kind: 'passphrase-declined'; readonly keyName: string }
  /** Something had to be asked and could not be; `message` is a sentence. */
  | { readonly kind: 'not-asked'; readonly message: string }
  /** Decrypting the key with its passphrase exceeded the time limit. */
  | { readonly kind: 'key-too-slow'; readonly keyName: string; readonly limitMs: number }
  /** No usable key was found on this computer. */
  | { readonly kind: 'no-key' }
  /** There are keys on this computer, and the account knows none of them, so none was offered. */
  | { readonly kind: 'no-registered-key' }
  /** The server rejected all of these keys. */
  | { readonly kind: 'keys-refused'; readonly server: SshServerName; readonly keyNames: readonly string[] }
  /** Authenticated, but the server did not open a shell. */
  | { readonly kind: 'no-shell'; readonly message: string }
