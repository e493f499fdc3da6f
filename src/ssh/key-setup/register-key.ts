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
    return fail('Keys can’t be registered with this provider from here. Add it on the provider’s website.')
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
      `Podkeeper can’t tell whether the key is registered, because the keys could not be read. ${after.error.message}`,
    )
  }
  if (!includesKey(after.value, key)) {
    return fail(
      `The key does not appear among the account’s keys. ${written.ok ? 'Try again.' : written.error.message}`,
    )
  }
  const lost = before.value.filter((line) => !after.value.includes(line))
  return lost.length === 0
    ? after
    : fail(
        `The key is registered, but ${lost.length === 1 ? 'an earlier key is' : `${lost.length} earlier keys are`} no longer there: the account’s keys were changed elsewhere at the same time. Check them on the provider’s website.`,
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
