import type { AccountId } from '../../core/pods/pod'
import type { ProviderError } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import type { LocalSshKey, SshKeysView } from '../../core/terminal/ssh-keys'
import { findKeys, type FoundKey, type KeyPlaces, readKeyFile } from '../keys/find-keys'
import { findTroubles } from './diagnose-keys'
import { makeOwnKey } from '../keys/generate-key'
import { fingerprintOf } from '../keys/public-key'
import { type KeyRegistry, registerKey } from './register-key'
import { fingerprintsOf, readRegistered } from './registered-keys'
import type { SshTarget } from '../connection/ssh-shell'

/** The keys of this computer and of the account, for the guided repair. */
export class KeyDesk {
  readonly #places: KeyPlaces
  /** What was shown, by its fingerprint: what a person may mean. */
  readonly #seen = new Map<string, FoundKey>()
  readonly #registered = new Map<AccountId, ReadonlySet<string>>()

  constructor(places: KeyPlaces) {
    this.#places = places
  }

  /** Fingerprints of the account's keys, as they were last read; null: not yet. */
  registeredOf(accountId: AccountId): ReadonlySet<string> | null {
    return this.#registered.get(accountId) ?? null
  }

  async view(provider: KeyRegistry, { accountId, podId, ssh }: SshTarget): Promise<SshKeysView> {
    const uses = [ssh.direct, ssh.proxy].map((endpoint) => ({
      host: endpoint?.host ?? podId,
      user: endpoint?.username ?? 'root',
      aliases: [podId],
    }))
    const [found, answer] = await Promise.all([findKeys(this.#places, uses), provider.readSshKeys?.()])
    const lines = answer?.ok === true ? readRegistered(answer.value) : null
    const registered = lines === null ? null : fingerprintsOf(lines)
    if (registered !== null) this.#registered.set(accountId, registered)
    for (const key of found) this.#remember(key)
    const local = onceEach(found).map((key) => ({ view: viewOf(key, registered), key }))
    const usable = local.filter(({ key }) => key.isUsable).map(({ view }) => view)
    return {
      local: local.map(({ view }) => view),
      registeredCount: answer?.ok === true ? answer.value.length : null,
      problem: problemOf(answer),
      troubles: findTroubles(usable, lines),
      canRegister: answer?.ok === true && provider.replaceSshKeys !== undefined,
    }
  }

  /** Fails with a reason in words. */
  make(): Result<LocalSshKey, string> {
    const made = makeOwnKey(this.#places.home)
    if (!made.ok) return made
    const key = readKeyFile(made.value, 'usual-file', this.#places)
    if (key === null) return fail('The key is gone again.')
    if (!key.isUsable || key.publicKey === null) return fail(key.problem ?? 'The new key cannot be read.')
    this.#remember(key)
    return ok(viewOf(key, null))
  }

  #remember(key: FoundKey): void {
    if (key.publicKey !== null && key.isUsable) this.#seen.set(fingerprintOf(key.publicKey.blob), key)
  }

  /** Adds a key that was shown, by its fingerprint, to those of the account. Fails with a reason in words. */
  async register(
    provider: KeyRegistry,
    accountId: AccountId,
    fingerprint: string,
  ): Promise<Result<void, string>> {
    const key = this.#seen.get(fingerprint)
    if (!key?.publicKey) return fail('This key is not known here. Look at the list of keys again.')
    const registered = await registerKey(provider, key.publicKey, key.name)
    if (!registered.ok) return registered
    this.#registered.set(accountId, fingerprintsOf(readRegistered(registered.value)))
    return ok(undefined)
  }
}

/** A key that is found in several places is one key, with the name of the first: files come before agents. */
function onceEach(found: readonly FoundKey[]): readonly FoundKey[] {
  const prints = found.map(({ publicKey }) => (publicKey === null ? null : fingerprintOf(publicKey.blob)))
  return found.filter((_, index) => {
    const print = prints[index] ?? null
    return print === null || prints.indexOf(print) === index
  })
}

function viewOf(
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

function problemOf(answer: Result<unknown, ProviderError> | undefined): string | null {
  if (answer === undefined) return 'This provider does not show the keys of the account.'
  if (answer.ok) return null
  return answer.error.kind === 'forbidden'
    ? 'The API key may not read the SSH keys of the account. A key with full access may.'
    : `The account’s keys could not be read. ${answer.error.message}`
}
