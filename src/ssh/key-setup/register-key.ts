import type { Provider, ProviderError } from '../../core/pods/provider'
import { fail, type Result } from '../../core/base/result'
import { fingerprintOf, type PublicKey } from '../keys/public-key'
import { fingerprintsOf, readRegistered } from './registered-keys'

export type KeyRegistry = Pick<Provider, 'readSshKeys' | 'replaceSshKeys'>

/**
 * Adds a key to those of the account. Writing replaces them all, and the provider has no lock: so they are read twice, what
 * was read is written back unchanged with one line more, and read once more. Nothing is sent when they cannot be read, when
 * they change in between, or when the key is there already. Fails with a reason in words.
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
  if (has(first.value, key)) return first
  const before = await read()
  if (!before.ok)
    return fail(`The account’s keys could not be read, so nothing was changed. ${before.error.message}`)
  if (!areSame(first.value, before.value)) {
    return fail('The account’s keys are being changed elsewhere, so nothing was changed. Try again.')
  }
  const wanted = [...before.value, lineOf(key, comment)]
  const written = await replaceSshKeys.call(provider, wanted)
  if (!written.ok && isCertainlyNot(written.error)) {
    return fail(`The key was not registered. ${written.error.message}`)
  }
  const after = await read()
  if (!after.ok) {
    return fail(
      `Whether the key is registered is not known: the keys cannot be read back. ${after.error.message}`,
    )
  }
  if (!has(after.value, key)) {
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

const has = (lines: readonly string[], key: PublicKey): boolean =>
  fingerprintsOf(readRegistered(lines)).has(fingerprintOf(key.blob))

const areSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((line, index) => line === other[index])

/** A clear refusal; with everything else the write may have taken effect. */
const isCertainlyNot = ({ kind }: ProviderError): boolean => kind !== 'unreachable' && kind !== 'unreadable'

function lineOf({ algorithm, blob }: PublicKey, comment: string): string {
  // Of a path its last part, and only what no reader takes for more than a comment.
  const name = (comment.split(/[/\\]/).at(-1) ?? '').replaceAll(/[^\w@.-]+/g, '-').slice(0, 60)
  return `${algorithm} ${blob.toString('base64')}${name === '' ? '' : ` ${name}`}`
}
