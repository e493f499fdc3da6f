import type { AccountId, PodId } from '../pods/pod'

/*
 * What a terminal on a pod is, as its window draws it. Sessions live in main; nothing here can hold one.
 *
 *   connecting ─▶ asking ─▶ connecting ─▶ open ─▶ waiting ─▶ connecting …   (a connection was lost: tried again by itself)
 *        │           │                      └──▶ ended                       (the shell ended; Enter begins another)
 *        └───────────┴──────────▶ failed                                     (not tried again until a person says so)
 */

export type TerminalId = string

/** Straight to the pod where it publishes a port, else through the provider's proxy, which carries a shell only. */
export type SshRoute = 'direct' | 'proxy'

/** Where a pod answers by SSH. Parts as the provider stated them and the reader checked: they are no command. */
export interface SshEndpoint {
  readonly host: string
  readonly port: number
  readonly username: string
}

export interface PodSsh {
  readonly direct: SshEndpoint | null
  readonly proxy: SshEndpoint | null
}

/** In characters. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

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

export type TerminalState =
  | {
      readonly kind: 'connecting'
      readonly step: 'reaching' | 'checking-host-key' | 'signing-in' | 'opening-shell'
    }
  | { readonly kind: 'asking'; readonly question: HostKeyQuestion }
  /** In the small window that main owns: a passphrase never passes through a page of the app. */
  | { readonly kind: 'asking-passphrase'; readonly keyName: string }
  | { readonly kind: 'open' }
  /** The connection was lost; it is tried again by itself. `reason` is in words for people. */
  | {
      readonly kind: 'waiting'
      readonly reason: string
      readonly nextTryAtMs: number
      readonly tries: number
    }
  /** The shell ended, or the pod did. `exitCode` null: it told none. */
  | { readonly kind: 'ended'; readonly exitCode: number | null; readonly reason: string }
  | { readonly kind: 'failed'; readonly failure: SshFailure }

/** The connection of an open terminal, for its header. */
export interface TerminalLink {
  readonly server: SshServerName
  readonly hostKey: HostKeyView
  /** Milliseconds for an answer by SSH; null: not measured yet. */
  readonly roundTripMs: number | null
}

/** What became of what was typed before the shell was open: it waits for it, or it went nowhere. */
export type TypedAhead = 'kept' | 'dropped'

export interface TerminalView {
  readonly id: TerminalId
  readonly accountId: AccountId
  readonly podId: PodId
  readonly podName: string
  /** What the person called the tab; null: the pod's name, and a number where it has several. */
  readonly name: string | null
  /** What the shell calls itself, stripped of everything but text; "": nothing. Never says which pod it is. */
  readonly title: string
  readonly state: TerminalState
  /** Null unless it is open. */
  readonly link: TerminalLink | null
  /** Null: nothing was typed too early, or it is long done. */
  readonly typedAhead: TypedAhead | null
}

export interface TerminalsView {
  /** Rises with every publication. */
  readonly revision: number
  /** In the order of the tabs. */
  readonly terminals: readonly TerminalView[]
}

/** What a window needs to go on drawing a terminal that lives in main. Output may overtake it: what carries its number follows it. */
export interface TerminalScreen {
  /** Names this attachment: output carries it, and acknowledgements do. A later one ends it. */
  readonly attachment: number
  /** Escape sequences that draw screen, scrollback and modes anew, by `@xterm/addon-serialize`. */
  readonly screen: string
  readonly size: TerminalSize
}

/** Bytes as the pod sent them, in order. Once `MAX_UNACKNOWLEDGED_BYTES` are under way the pod waits. */
export interface TerminalOutput {
  readonly terminalId: TerminalId
  readonly attachment: number
  readonly bytes: Uint8Array
}

/** Where a key of this computer was found. */
export type SshKeySource = 'agent' | 'ssh-config' | 'usual-file' | 'chosen-file'

/** A key that can be tried. Nothing of the private one but where it lies. */
export interface LocalSshKey {
  /** "SHA256:…" of the public key; null: not known without its passphrase. */
  readonly fingerprint: string | null
  /** Its path as people write it ("~/.ssh/id_ed25519"), or the agent's comment. */
  readonly name: string
  /** "ssh-ed25519"; null: not known without its passphrase. */
  readonly algorithm: string | null
  readonly source: SshKeySource
  /** Null: not known, since the account's keys could not be read. */
  readonly isRegistered: boolean | null
  /** A sentence on what is wrong with it, such as a file that others can read; null: nothing. */
  readonly problem: string | null
}

/** What is odd about a line that the account has registered as a key. */
export type RegisteredKeyProblem = 'fingerprint' | 'two-keys-on-a-line' | 'private-key' | 'unreadable'

/** Why no key lets one in, as far as it can be told from here. Product rules, "Terminal"; the provider's documents. */
export type SshKeyTrouble =
  | { readonly kind: 'no-local-key' }
  | { readonly kind: 'none-registered' }
  | { readonly kind: 'not-registered' }
  | { readonly kind: 'odd-registered-line'; readonly problem: RegisteredKeyProblem; readonly line: number }
  /** A pod gets the account's keys when it starts: one that was registered later does not reach it. */
  | { readonly kind: 'perhaps-registered-after-start' }
  /** The pod was perhaps made without SSH. */
  | { readonly kind: 'perhaps-made-without-ssh' }

/** For the guided repair: what is here, what the account has, and what is likely wrong. Likeliest first. */
export interface SshKeysView {
  readonly local: readonly LocalSshKey[]
  /** How many keys the account has registered; null: they could not be read, and `problem` says why. */
  readonly registeredCount: number | null
  readonly problem: string | null
  readonly troubles: readonly SshKeyTrouble[]
  /** Whether the provider lets Podkeeper register a key. */
  readonly canRegister: boolean
}

/** Above this the pod is asked to wait. Source: quality rules for terminals, "pending at most 500 KB". */
export const MAX_UNACKNOWLEDGED_BYTES = 192 * 1024

/** The tab names that a person may give. */
export const MAX_TERMINAL_NAME = 60
