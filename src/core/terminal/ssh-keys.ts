/** Where a local key was found. */
export type SshKeySource = 'pod-file' | 'agent' | 'ssh-config' | 'usual-file' | 'chosen-file'

/** A local key that can be tried. It contains the location of the private key, never its content. */
export interface LocalSshKey {
  /** "SHA256:…" of the public key; null when unknown without its passphrase. */
  readonly fingerprint: string | null
  /** Its path as users write it ("~/.ssh/id_ed25519"), or the agent's comment. */
  readonly name: string
  /** "ssh-ed25519"; null when unknown without its passphrase. */
  readonly algorithm: string | null
  readonly source: SshKeySource
  /** Null when the account's keys could not be read. */
  readonly isRegistered: boolean | null
  /** A sentence about a problem with it, such as a file that others can read; null without problems. */
  readonly problem: string | null
}

/** What is wrong with a line that the account has registered as a key. */
export type RegisteredKeyProblem = 'fingerprint' | 'two-keys-on-a-line' | 'private-key' | 'unreadable'

/** Why no key is accepted, as far as can be determined locally. See docs/product-rules.md#81-connecting. */
export type SshKeyIssue =
  | { readonly kind: 'no-local-key' }
  | { readonly kind: 'none-registered' }
  | { readonly kind: 'not-registered' }
  | { readonly kind: 'odd-registered-line'; readonly problem: RegisteredKeyProblem; readonly line: number }
  /** A pod receives the account's keys when it starts, so a key registered later does not reach it. */
  | { readonly kind: 'perhaps-registered-after-start' }
  /** The pod may have been created without SSH. */
  | { readonly kind: 'perhaps-made-without-ssh' }

/** For the guided repair: the local keys, the account's keys and the likely problems, most likely first. */
export interface SshKeysView {
  readonly local: readonly LocalSshKey[]
  /**
   * The number of keys registered in the account; null when they could not be read, and `problem` says why.
   */
  readonly registeredCount: number | null
  readonly problem: string | null
  readonly issues: readonly SshKeyIssue[]
  /** Whether the provider lets Podkeeper register a key. */
  readonly canRegister: boolean
}
