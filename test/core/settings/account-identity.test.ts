import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type KeyEvidence,
  type KnownAccount,
  matchAccount,
  parseKnownAccounts,
  withKnownAccount,
  knownAccountsOf,
} from '../../../src/core/settings/account-identity'
import type { AccountRecord } from '../../../src/core/settings/account-record'
import { emptyConfig, withAccount, withoutAccount } from '../../../src/core/settings/config-schema'

const ADDRESS = 'https://api.runpod.io/v2'

const account = (id: string, more: Partial<KnownAccount> = {}): KnownAccount => ({
  id,
  keyId: id,
  baseUrl: ADDRESS,
  keyEnding: 'abcd',
  apiAccountId: null,
  ...more,
})
const key = (keyId: string, more: Partial<KeyEvidence> = {}): KeyEvidence => ({
  keyId,
  baseUrl: ADDRESS,
  apiAccountId: null,
  podIds: [],
  ...more,
})
const noPods = (): ReadonlySet<string> => new Set()

/** The id of the account that it matches, or the kind of the match. */
function matched(
  evidence: KeyEvidence,
  accounts: readonly KnownAccount[],
  pods: Readonly<Record<string, readonly string[]>> = {},
): string {
  const match = matchAccount(evidence, accounts, (id) => new Set(pods[id]))
  return match.kind === 'known'
    ? match.account.id
    : match.kind === 'new'
      ? 'new'
      : `unclear ${match.candidate.id}`
}

describe('a rotated key', () => {
  test('belongs to the account whose id the API tells, without any pod', () => {
    const accounts = [account('a', { apiAccountId: 'user-1' }), account('b', { apiAccountId: 'user-2' })]
    expect(matched(key('k', { apiAccountId: 'user-1' }), accounts)).toBe('a')
  })

  test('starts fresh where the API tells another id, even if a pod is the same', () => {
    const accounts = [account('a', { apiAccountId: 'user-1' })]
    expect(matched(key('k', { apiAccountId: 'user-9', podIds: ['pod'] }), accounts, { a: ['pod'] })).toBe(
      'new',
    )
  })

  test('belongs to the account with the same pod where the API tells nothing', () => {
    const accounts = [account('a', { apiAccountId: 'user-1' }), account('b')]
    expect(matched(key('k', { podIds: ['pod'] }), accounts, { a: ['pod'] })).toBe('a')
  })

  test('is unclear where neither API nor pods tell, and then the latest account is asked about', () => {
    expect(matched(key('k'), [account('a', { apiAccountId: 'user-1' }), account('b')])).toBe('unclear b')
    // An account whose id at the API was never told may be any.
    const mixed = [account('a'), account('b', { apiAccountId: 'user-2' })]
    expect(matched(key('k', { apiAccountId: 'user-1' }), mixed)).toBe('unclear a')
  })

  test('is never matched with an account at another address', () => {
    const elsewhere = account('a', { baseUrl: 'https://other.example/v2', apiAccountId: 'user-1' })
    const evidence = key('k', { apiAccountId: 'user-1', podIds: ['pod'] })
    expect(matched(evidence, [elsewhere], { a: ['pod'] })).toBe('new')
  })
})

describe('a key that was used before', () => {
  test('belongs to its account without the API', () => {
    expect(matched(key('k'), [account('a', { keyId: 'k' }), account('b')])).toBe('a')
    expect(matched(key('a'), [account('a', { keyId: 'k' }), account('b')])).toBe('a')
  })

  test('leaves the account that a person named where the API contradicts, unless it is its first key', () => {
    const named = [account('a', { keyId: 'k', apiAccountId: 'user-1' })]
    expect(matched(key('k', { apiAccountId: 'user-2' }), named)).toBe('new')
    expect(matched(key('a', { apiAccountId: 'user-2' }), named)).toBe('a')
  })

  test('belongs to one account at a time', () => {
    const accounts = withKnownAccount([account('a', { keyId: 'k', apiAccountId: 'user-1' })], account('k'))
    expect(matched(key('k'), accounts)).toBe('k')
    expect(accounts.map(({ id, keyId }) => [id, keyId])).toEqual([
      ['a', 'a'],
      ['k', 'k'],
    ])
  })
})

test('whatever is known, a key whose id at the API differs from an account’s never becomes that account', () => {
  const someId = fc.constantFrom('user-1', 'user-2', 'user-3')
  const someAccount = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    keyId: fc.constantFrom('a', 'b', 'c', 'k'),
    baseUrl: fc.constant(ADDRESS),
    keyEnding: fc.constant('abcd'),
    apiAccountId: fc.option(someId),
  })
  fc.assert(
    fc.property(
      fc.uniqueArray(someAccount, { selector: ({ id }) => id }),
      someId,
      fc.subarray(['p', 'q']),
      (accounts, apiAccountId, podIds) => {
        const match = matchAccount(key('k', { apiAccountId, podIds }), accounts, () => new Set(['p']))
        if (match.kind === 'new') expect(accounts.every((each) => each.apiAccountId !== null)).toBe(true)
        else {
          const { apiAccountId: told } = match.kind === 'known' ? match.account : match.candidate
          expect([null, apiAccountId]).toContain(told)
        }
      },
    ),
  )
})

describe('the accounts in the file', () => {
  const record: AccountRecord = {
    id: 'a',
    keyId: 'k',
    baseUrl: ADDRESS,
    keyEnding: 'abcd',
    encryptedKey: null,
    name: 'Runpod',
    color: 'blue',
  }

  test('include one that a program without the list has stored', () => {
    expect(knownAccountsOf({ ...emptyConfig, accounts: [record] })).toEqual([account('a', { keyId: 'k' })])
  })

  test('keep an account and its id at the API after it was removed or its key replaced', () => {
    const stored = withAccount(emptyConfig, record, 'user-1')
    expect(knownAccountsOf(withoutAccount(stored, 'a'))).toEqual([
      account('a', { keyId: 'k', apiAccountId: 'user-1' }),
    ])
    const replaced = withAccount(stored, { ...record, keyId: 'l', keyEnding: 'wxyz' }, null)
    expect(knownAccountsOf(replaced)).toEqual([
      account('a', { keyId: 'l', keyEnding: 'wxyz', apiAccountId: 'user-1' }),
    ])
  })

  test('exclude an account that may be one of the others', () => {
    const stored = withAccount(emptyConfig, record, 'user-1')
    const asked = withAccount(stored, { ...record, id: 'new', keyId: 'new', possibleAccountId: 'a' }, null)
    expect(knownAccountsOf(asked).map(({ id }) => id)).toEqual(['a'])
  })

  test('that cannot be read are left out, one by one', () => {
    const good = account('a', { apiAccountId: 'user-1' })
    expect(parseKnownAccounts([null, 7, { id: 'b' }, { ...good, id: '' }, good])).toEqual([good])
    expect(parseKnownAccounts([{ ...good, apiAccountId: 7 }])).toEqual([account('a')])
    for (const stored of [undefined, null, 'a', {}]) expect(parseKnownAccounts(stored)).toEqual([])
  })

  test('are at most 50, the latest', () => {
    let accounts: readonly KnownAccount[] = []
    for (let n = 0; n < 60; n += 1) accounts = withKnownAccount(accounts, account(`a${n}`))
    expect([accounts.length, accounts[0]?.id, accounts.at(-1)?.id]).toEqual([50, 'a10', 'a59'])
  })
})

test('a key is new where no account was watched', () => {
  expect(matchAccount(key('k', { apiAccountId: 'user-1' }), [], noPods)).toEqual({ kind: 'new' })
})
