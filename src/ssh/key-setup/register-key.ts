import type { Provider, ProviderError } from '../../core/pods/provider'
import { fail, type Result } from '../../core/base/result'
import { fingerprintOf, type PublicKey } from '../keys/public-key'
import { fingerprintsOf, parseRegisteredKeys } from './registered-keys'

export type KeyRegistry = Pick<Provider, 'readSshKeys' | 'replaceSshKeys'>

/**
 * Adds a key to the account's registered keys. A write replaces the whole list and the provider has no
 * locking, so the list is read twice, written back unchanged plus one line, and read again. Nothing is sent
 * if the list cannot be read, changes between the two reads, or already has the key. On failure, returns a
 * user-facing reason.
 */
export async function registerKey(
  provider: KeyRegistry,
  key: PublicKey,
  comment: string,
): Promise<Result<readonly string[], string>> {
  const { readSshKeys, replaceSshKeys } = provider
  if (readSshKeys === undefined || replaceSshKeys === undefined) {
    return fail('This provider lets no key be registered from here. Add it on its web page.')
  }
  const read = (): ReturnType<typeof readSshKeys> => readSshKeys.call(provider)
  const first = await read()
  if (!first.ok)
    return fail(`The account’s keys could not be read, so nothing was changed. ${first.error.message}`)
  if (includesKey(first.value, key)) return first
  const before = await read()
  if (!before.ok)
    return fail(`The account’s keys could not be read, so nothing was changed. ${before.error.message}`)
  if (!areEqual(first.value, before.value)) {
    return fail('The account’s keys are being changed elsewhere, so nothing was changed. Try again.')
  }
  const updated = [...before.value, toAuthorizedKeyLine(key, comment)]
  const written = await replaceSshKeys.call(provider, updated)
  if (!written.ok && isDefiniteFailure(written.error)) {
    return fail(`The key was not registered. ${written.error.message}`)
  }
  const after = await read()
  if (!after.ok) {
    return fail(
      `Whether the key is registered is not known: the keys cannot be read back. ${after.error.message}`,
    )
  }
  if (!includesKey(after.value, key)) {
    return fail(
      `The key is not among the account’s keys afterwards. ${written.ok ? 'Try again.' : written.error.message}`,
    )
  }
  const lost = before.value.filter((line) => !after.value.includes(line))
  return lost.length === 0
    ? after
    : fail(
        `The key is registered, but ${lost.length === 1 ? 'a key' : `${lost.length} keys`} of before ${lost.length === 1 ? 'is' : 'are'} no longer there: the account’s keys were changed elsewhere at the same time. Look at them on the provider’s web page.`,
      )
}

const includesKey = (lines: readonly string[], key: PublicKey): boolean =>
  fingerprintsOf(parseRegisteredKeys(lines)).has(fingerprintOf(key.blob))

const areEqual = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((line, index) => line === other[index])

/** A definite rejection; after any other error the write may have taken effect. */
const isDefiniteFailure = ({ kind }: ProviderError): boolean =>
  kind !== 'unreachable' && kind !== 'unreadable'

function toAuthorizedKeyLine({ algorithm, blob }: PublicKey, comment: string): string {
  // Only the last part of a path, and only characters that every parser treats as part of a comment.
  const name = (comment.split(/[/\\]/).at(-1) ?? '').replaceAll(/[^\w@.-]+/g, '-').slice(0, 60)
  return `${algorithm} ${blob.toString('base64')}${name === '' ? '' : ` ${name}`}`
}
