import type { AccountId, PodId, SshEndpoint } from '../../core/pods/pod'
import type { ProviderError } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import type { LocalSshKey, SshKeysView } from '../../core/terminal/ssh-keys'
import { findKeys, type FoundKey, type KeyLocations, keyQuery, readKeyFile } from '../keys/find-keys'
import { diagnoseKeys } from './diagnose-keys'
import { generateKey } from '../keys/generate-key'
import { fingerprintOf } from '../keys/public-key'
import { type KeyRegistry, registerKey } from './register-key'
import { fingerprintsOf, parseRegisteredKeys } from './registered-keys'
import type { SshTarget } from '../connection/ssh-shell'

/** The keys of this computer and of the account, for the guided repair. */
export class SshKeys {
  readonly #locations: KeyLocations
  readonly #isKnownProxy: (endpoint: SshEndpoint, podId: PodId) => boolean
  /** The keys last shown, by fingerprint; the user can only choose among these. */
  readonly #knownKeys = new Map<string, FoundKey>()
  readonly #registered = new Map<AccountId, ReadonlySet<string>>()

  constructor(locations: KeyLocations, isKnownProxy: (endpoint: SshEndpoint, podId: PodId) => boolean) {
    this.#locations = locations
    this.#isKnownProxy = isKnownProxy
  }

  /** Fingerprints of the account's keys when last read; null if not read yet. */
  registeredOf(accountId: AccountId): ReadonlySet<string> | null {
    return this.#registered.get(accountId) ?? null
  }

  async view(provider: KeyRegistry, { accountId, podId, ssh }: SshTarget): Promise<SshKeysView> {
    const isKnownProxy = ssh.proxy !== null && this.#isKnownProxy(ssh.proxy, podId)
    const queries = [keyQuery(ssh.direct, podId, false), keyQuery(ssh.proxy, podId, isKnownProxy)]
    const [found, answer] = await Promise.all([findKeys(this.#locations, queries), provider.readSshKeys?.()])
    const lines = answer?.ok === true ? parseRegisteredKeys(answer.value) : null
    const registered = lines === null ? null : fingerprintsOf(lines)
    if (registered !== null) this.#registered.set(accountId, registered)
    for (const key of found) this.#remember(key)
    const local = dedupeByFingerprint(found).map((key) => ({ view: toView(key, registered), key }))
    const usable = local.filter(({ key }) => key.isUsable).map(({ view }) => view)
    return {
      local: local.map(({ view }) => view),
      registeredCount: answer?.ok === true ? answer.value.length : null,
      problem: registrationProblem(answer),
      issues: diagnoseKeys(usable, lines),
      canRegister: answer?.ok === true && provider.replaceSshKeys !== undefined,
    }
  }

  /** On failure, returns a user-facing reason. */
  generate(): Result<LocalSshKey, string> {
    const generated = generateKey(this.#locations.home)
    if (!generated.ok) return generated
    const key = readKeyFile(generated.value, 'usual-file', this.#locations)
    if (key === null) return fail('The new key was removed by another program.')
    if (!key.isUsable || key.publicKey === null) return fail(key.problem ?? 'The new key cannot be read.')
    this.#remember(key)
    return ok(toView(key, null))
  }

  #remember(key: FoundKey): void {
    if (key.publicKey !== null && key.isUsable) this.#knownKeys.set(fingerprintOf(key.publicKey.blob), key)
  }

  /** A key that was shown, given its fingerprint; null if there was none. */
  shown(fingerprint: string): LocalSshKey | null {
    const key = this.#knownKeys.get(fingerprint)
    return key === undefined ? null : toView(key, null)
  }

  /** Registers a key that was shown, given its fingerprint. On failure, returns a user-facing reason. */
  async register(
    provider: KeyRegistry,
    accountId: AccountId,
    fingerprint: string,
  ): Promise<Result<void, string>> {
    const key = this.#knownKeys.get(fingerprint)
    if (!key?.publicKey) return fail('This key was not found. Reload the list of keys.')
    const registered = await registerKey(provider, key.publicKey, key.name)
    if (!registered.ok) return registered
    this.#registered.set(accountId, fingerprintsOf(parseRegisteredKeys(registered.value)))
    return ok(undefined)
  }
}

/** A key found in several places counts as one, named after the first place; files come before agents. */
function dedupeByFingerprint(found: readonly FoundKey[]): readonly FoundKey[] {
  const fingerprints = found.map(({ publicKey }) =>
    publicKey === null ? null : fingerprintOf(publicKey.blob),
  )
  return found.filter((_, index) => {
    const fingerprint = fingerprints[index] ?? null
    return fingerprint === null || fingerprints.indexOf(fingerprint) === index
  })
}

function toView(
  { publicKey, name, source, problem }: FoundKey,
  registered: ReadonlySet<string> | null,
): LocalSshKey {
  const fingerprint = publicKey === null ? null : fingerprintOf(publicKey.blob)
  return {
    fingerprint,
    name,
    algorithm: publicKey?.algorithm ?? null,
    source,
    isRegistered: fingerprint === null || registered === null ? null : registered.has(fingerprint),
    problem,
  }
}

function registrationProblem(answer: Result<unknown, ProviderError> | undefined): string | null {
  if (answer === undefined) return 'This provider does not list the account’s keys.'
  if (answer.ok) return null
  return answer.error.kind === 'forbidden'
    ? 'The API key has no permission to read the account’s SSH keys. Use a key with full access.'
    : `The account’s keys could not be read. ${answer.error.message}`
}
