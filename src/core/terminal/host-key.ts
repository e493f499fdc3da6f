import type { SshRoute } from '../pods/pod'

/** A server's key, as people compare it. */
export interface HostKeyView {
  /** "ssh-ed25519". */
  readonly algorithm: string
  /** "SHA256:…", base64 without padding, as `ssh-keygen -l` writes it. */
  readonly fingerprint: string
}

/** Who is asked for a host key: a pod by itself, or the proxy for all pods. */
export interface SshServerName {
  readonly route: SshRoute
  readonly host: string
  readonly port: number
}

/** Asked in the terminal's own pane. Nothing was sent to the server that says who asks. */
export type HostKeyQuestion =
  | { readonly kind: 'new'; readonly server: SshServerName; readonly offered: HostKeyView }
  /** Another key than the known one, and the pod was restarted since that was seen. */
  | {
      readonly kind: 'changed-by-restart'
      readonly server: SshServerName
      readonly offered: HostKeyView
      readonly known: HostKeyView
    }

/** Why there is no connection. Each is final until a person tries again. */
export type SshFailure =
  /** The pod is not running, or publishes no way in. */
  | { readonly kind: 'no-route' }
  /** The port is open and no SSH server speaks there: the image runs none. */
  | { readonly kind: 'no-ssh-server'; readonly server: SshServerName }
  | { readonly kind: 'unreachable'; readonly server: SshServerName; readonly message: string }
  /** It offers nothing that is safe, or nothing that Podkeeper knows. */
  | { readonly kind: 'no-common-algorithm'; readonly server: SshServerName; readonly message: string }
  /** Its host key was checked, and then came one packet of more than SSH has to take: a long banner, or what is damaged. */
  | { readonly kind: 'packet-too-long'; readonly server: SshServerName }
  /** Blocked: another key than the known one, and no restart that explains it. */
  | {
      readonly kind: 'host-key-changed'
      readonly server: SshServerName
      readonly offered: HostKeyView
      readonly known: HostKeyView
      /** Where the known key stands in `~/.ssh/known_hosts`, which Podkeeper never changes: forgetting it does not help. */
      readonly knownBy?: 'known_hosts'
    }
  /** `known_hosts` says that this key is revoked. */
  | { readonly kind: 'host-key-revoked'; readonly server: SshServerName; readonly offered: HostKeyView }
  | { readonly kind: 'host-key-declined' }
  | { readonly kind: 'passphrase-declined'; readonly keyName: string }
  /** Its passphrase was given, and to open it with that took longer than it may. */
  | { readonly kind: 'key-too-slow'; readonly keyName: string; readonly limitMs: number }
  /** There is no key on this computer to try. */
  | { readonly kind: 'no-key' }
  /** The server took none of these. */
  | { readonly kind: 'keys-refused'; readonly server: SshServerName; readonly keyNames: readonly string[] }
  /** Signed in, and no shell was given. */
  | { readonly kind: 'no-shell'; readonly message: string }
