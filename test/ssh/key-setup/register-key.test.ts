import { describe, expect, it } from 'vitest'
import type { ProviderError, ProviderErrorKind } from '../../../src/core/pods/provider'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { type KeyRegistry, registerKey } from '../../../src/ssh/key-setup/register-key'
import { ed25519, lineOf } from '../keys/key-samples'

type Read = Result<readonly string[], ProviderError>
const [mine, one, two] = [ed25519(1), lineOf(ed25519(2)), lineOf(ed25519(3))]
const added = `${lineOf(mine)} id_ed25519`
const no = (kind: ProviderErrorKind): Result<never, ProviderError> =>
  fail({ kind, message: `No: ${kind}.`, status: null, retryAfterMs: null, requestId: null })

/** An account with scripted reads; without a script they return what was written last. */
function account(
  lines: readonly string[],
  script: { reads?: Read[]; write?: Result<void, ProviderError> } = {},
) {
  let kept = lines
  const written: (readonly string[])[] = []
  const registry: Required<KeyRegistry> = {
    readSshKeys: () => Promise.resolve(script.reads?.shift() ?? ok(kept)),
    replaceSshKeys: (next) => {
      written.push(next)
      const result = script.write ?? ok(undefined)
      if (result.ok) kept = next
      return Promise.resolve(result)
    },
  }
  return {
    written,
    registry,
    register: (comment = '~/.ssh/id_ed25519') => registerKey(registry, mine, comment),
  }
}

describe('registering a key', () => {
  it('writes the keys that were read, unchanged and in order, plus the new key', async () => {
    const odd = ['', '  SHA256:odd  ', one, one, two]
    const { register, written } = account(odd)
    expect(await register()).toEqual(ok([...odd, added]))
    expect(written).toEqual([[...odd, added]])
  })

  it.each([
    ['C:\\Users\\me\\.ssh\\my key (1)', ' my-key-1-'],
    ['me@host', ' me@host'],
    ['', ''],
    ['ä/', ''],
    ['x'.repeat(80), ` ${'x'.repeat(60)}`],
    ['a\nssh-rsa AAAA', ' a-ssh-rsa-AAAA'],
  ])('adds a comment that cannot be anything else: %j', async (comment, end) => {
    const { register, written } = account([])
    await register(comment)
    expect(written).toEqual([[`${lineOf(mine)}${end}`]])
  })

  it('writes nothing if the key is already registered with any comment', async () => {
    const lines = [one, `${lineOf(mine)} of old`]
    const { register, written } = account(lines)
    expect(await register()).toEqual(ok(lines))
    expect(written).toEqual([])
  })

  it('requires a provider that can read and write keys', async () => {
    const { registry } = account([])
    const words = fail(
      'Keys can’t be registered with this provider from here. Add it on the provider’s website.',
    )
    expect(await registerKey({ readSshKeys: registry.readSshKeys }, mine, '')).toEqual(words)
    expect(await registerKey({ replaceSshKeys: registry.replaceSshKeys }, mine, '')).toEqual(words)
  })

  it.each([
    ['at first', [no('forbidden')]],
    ['the second time', [ok([one]), no('forbidden')]],
  ] as const)('writes nothing when the keys cannot be read %s', async (_, reads) => {
    const { register, written } = account([one], { reads: [...reads] })
    expect(await register()).toEqual(
      fail('The account’s keys could not be read, so nothing was changed. No: forbidden.'),
    )
    expect(written).toEqual([])
  })

  it.each([
    ['a key is added', [one], [one, two]],
    ['a key is removed', [one, two], [one]],
    ['the order changes', [one, two], [two, one]],
  ])('writes nothing when the keys change in between: %s', async (_, before, after) => {
    const { register, written } = account([], { reads: [ok(before), ok(after)] })
    expect(await register()).toEqual(
      fail('The account’s keys are being changed elsewhere, so nothing was changed. Try again.'),
    )
    expect(written).toEqual([])
  })

  it('reports a definite rejection', async () => {
    const { register } = account([one], { write: no('forbidden') })
    expect(await register()).toEqual(fail('The key was not registered. No: forbidden.'))
  })

  it.each(['unreachable', 'unreadable'] as const)(
    'determines the result by reading after a write that is %s',
    async (kind) => {
      const itDid = account([], { write: no(kind), reads: [ok([one]), ok([one]), ok([one, added])] })
      expect(await itDid.register()).toEqual(ok([one, added]))
      const itDidNot = account([one], { write: no(kind) })
      expect(await itDidNot.register()).toEqual(
        fail(`The key does not appear among the account’s keys. No: ${kind}.`),
      )
      const nobodyKnows = account([], { write: no(kind), reads: [ok([one]), ok([one]), no('gone')] })
      expect(await nobodyKnows.register()).toEqual(
        fail(
          'Podkeeper can’t tell whether the key is registered, because the keys could not be read. No: gone.',
        ),
      )
      expect([itDid, itDidNot, nobodyKnows].map(({ written }) => written.length)).toEqual([1, 1, 1])
    },
  )

  it('succeeds only after reading the key back', async () => {
    const { register } = account([], { reads: [ok([one]), ok([one]), ok([one])] })
    expect(await register()).toEqual(fail('The key does not appear among the account’s keys. Try again.'))
  })

  it('reports keys that are missing afterwards', async () => {
    const words = (what: string) =>
      fail(
        `The key is registered, but ${what} no longer there: the account’s keys were changed elsewhere at the same time. Check them on the provider’s website.`,
      )
    const before = [ok([one, two]), ok([one, two])]
    const oneLost = account([], { reads: [...before, ok([two, added])] })
    expect(await oneLost.register()).toEqual(words('an earlier key is'))
    const bothLost = account([], { reads: [...before, ok([added])] })
    expect(await bothLost.register()).toEqual(words('2 earlier keys are'))
    const oneMore = account([], { reads: [...before, ok([added, two, one, 'more'])] })
    expect(await oneMore.register()).toEqual(ok([added, two, one, 'more']))
  })
})
