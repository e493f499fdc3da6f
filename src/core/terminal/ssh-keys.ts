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
