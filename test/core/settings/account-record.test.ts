import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import {
  accountApi,
  freeLabName,
  accountColors,
  type AccountRecord,
  freeColor,
  freeName,
  inOrder,
  MAX_ACCOUNT_NAME,
  nameProblem,
  withAccountChanges,
} from '../../../src/core/settings/account-record'
import { knownAccountsOf } from '../../../src/core/settings/account-identity'
import {
  accountChangesSchema,
  completeAccounts,
  storedAccountSchema,
} from '../../../src/core/settings/account-codec'

const record = (over: Partial<AccountRecord> = {}): AccountRecord => ({
  id: 'a',
  baseUrl: 'https://x.test/',
  keyEnding: 'cess',
  encryptedKey: 'eA==',
  name: 'Runpod',
  color: 'blue',
  ...over,
})
const { name: _, color: __, ...unnamed } = record()
const complete = (...stored: readonly object[]) =>
  completeAccounts(stored.map((one) => v.parse(storedAccountSchema, one)))

describe('a new account', () => {
  test('is called like its provider, with the first number that is free', () => {
    expect(freeName([])).toBe('Runpod')
    expect(freeName([{ name: 'runpod' }, { name: 'RUNPOD 3' }])).toBe('Runpod 2')
    expect(freeName([{ name: 'Runpod' }, { name: 'Runpod 2' }, { name: 'Runpod 3' }])).toBe('Runpod 4')
    expect(freeName([{ name: 'Acme' }])).toBe('Runpod')
  })

  test('gets the first color that the fewest accounts have', () => {
    const colored = (...colors: AccountRecord['color'][]) => colors.map((color) => ({ color }))
    expect(freeColor([])).toBe('blue')
    expect(freeColor(colored('blue', 'violet'))).toBe('green')
    expect(freeColor(colored(...accountColors))).toBe('blue')
    expect(freeColor(colored(...accountColors, 'blue'))).toBe('green')
  })
})

describe('a name', () => {
  test('that another account has is refused, whatever its case, and its own is not', () => {
    const accounts = [record(), record({ id: 'b', name: 'Acme' })]
    expect(nameProblem(accounts, 'a', 'ACME')).toBe('Another account is already named Acme.')
    expect(nameProblem(accounts, 'b', 'acme')).toBeNull()
    expect(nameProblem(accounts, 'a', 'Acme 2')).toBeNull()
  })

  test('has no space around it, is not empty, and is of limited length', () => {
    const name = (text: string) => v.safeParse(accountChangesSchema, { name: text })
    expect(name('  Acme ')).toMatchObject({ success: true, output: { name: 'Acme' } })
    for (const bad of ['', '   ', 'x'.repeat(MAX_ACCOUNT_NAME + 1)]) expect(name(bad).success).toBe(false)
    expect(name('x'.repeat(MAX_ACCOUNT_NAME)).success).toBe(true)
  })
})

test.each([
  { id: 'other' },
  { encryptedKey: 'x' },
  { color: 'black' },
  { isPaused: 'yes' },
  { monthlyBudgetUsd: 0 },
  { monthlyBudgetUsd: -1 },
  { dailyBudgetUsd: Number.POSITIVE_INFINITY },
  { dailyBudgetUsd: '5' },
])('a person cannot change an account by %o', (changes) => {
  expect(v.safeParse(accountChangesSchema, changes).success).toBe(false)
})

describe('changes of an account', () => {
  test('leave the rest as it is, and null takes a budget away', () => {
    const before = record({ monthlyBudgetUsd: 600, dailyBudgetUsd: 5, encryptedKey: null })
    expect(withAccountChanges(before, {})).toEqual(before)
    expect(withAccountChanges(before, { name: 'Acme', monthlyBudgetUsd: null })).toEqual(
      record({ name: 'Acme', dailyBudgetUsd: 5, encryptedKey: null }),
    )
    expect(withAccountChanges(before, { isPaused: true, color: 'pink' })).toEqual({
      ...before,
      isPaused: true,
      color: 'pink',
    })
  })
})

describe('stored accounts', () => {
  test('without names and colors get some', () => {
    expect(complete(unnamed, { ...unnamed, id: 'b' })).toEqual([
      record(),
      record({ id: 'b', name: 'Runpod 2', color: 'green' }),
    ])
  })

  test('lose a name, a color, a pause or a budget that makes no sense, and nothing else', () => {
    const odd = { name: 7, color: 'black', isPaused: 'yes', monthlyBudgetUsd: -1, dailyBudgetUsd: 'x' }
    expect(complete({ ...unnamed, ...odd, keyId: 'k', nickname: 'lab' })).toEqual([
      { ...record({ keyId: 'k' }), nickname: 'lab' },
    ])
    const whole = record({ name: 'Acme', color: 'pink', isPaused: true, monthlyBudgetUsd: 600 })
    expect(complete(whole)).toEqual([whole])
  })

  test('with the same name get different ones, and the same account is there once', () => {
    const accounts = complete(
      record(),
      record({ id: 'b', name: 'RUNPOD' }),
      record({ id: 'a', name: 'Acme' }),
    )
    expect(accounts.map(({ id, name }) => [id, name])).toEqual([
      ['a', 'Runpod'],
      ['b', 'Runpod 2'],
    ])
  })
})

test('an order has those that it lacks last, as they were, and ignores unknown ids', () => {
  const accounts = ['a', 'b', 'c', 'd'].map((id) => record({ id }))
  expect(inOrder(accounts, ['c', 'x', 'a']).map(({ id }) => id)).toEqual(['c', 'a', 'b', 'd'])
  expect(inOrder(accounts, [])).toEqual(accounts)
})

const someStored = fc.array(
  fc.record({
    id: fc.integer({ min: 1, max: 25 }).map((number) => `id-${number}`),
    name: fc.oneof(
      fc.constantFrom('Runpod', 'runpod 2', ' Acme ', ''),
      fc.string({ maxLength: 50 }),
      fc.integer(),
    ),
    color: fc.constantFrom(...accountColors, 'black', null),
  }),
  { maxLength: 25 },
)

test('whatever is stored, each account has an id, a name and a color that can be told apart', () => {
  fc.assert(
    fc.property(someStored, (stored) => {
      const accounts = complete(...stored.map((one) => ({ ...unnamed, ...one })))
      const distinct = (values: readonly string[]): number => new Set(values).size
      expect(accounts).toHaveLength(distinct(stored.map(({ id }) => id)))
      expect(distinct(accounts.map(({ name }) => name.toLowerCase()))).toBe(accounts.length)
      for (const { name, color } of accounts) {
        expect(name.trim()).toBe(name)
        expect(name).not.toBe('')
        expect(accountColors).toContain(color)
      }
      // Complete ones stay as they are.
      expect(complete(...accounts)).toEqual(accounts)
    }),
  )
})

test('any order keeps each account once', () => {
  const ids = ['a', 'b', 'c', 'd']
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...ids, 'x')), (order) => {
      const ordered = inOrder(
        ids.map((id) => record({ id })),
        order,
      )
      expect(ordered.map(({ id }) => id).sort()).toEqual(ids)
    }),
  )
})

describe('the account of a lab', () => {
  const lab = { id: 'lab_1', slug: 'dark-energy', usesAnnouncedRoutes: true }
  const ofLab = { provider: 'hubify', baseUrl: 'https://www.hubify.com/api/v1', lab }

  test('keeps its provider and its lab, with what a newer program stored of it', () => {
    const stored = record({ ...ofLab, name: 'Dark energy' })
    expect(complete(stored)).toEqual([stored])
    const newer = { ...stored, lab: { ...lab, region: 'eu' } }
    expect(complete(newer)).toEqual([newer])
    expect(accountApi(stored)).toEqual({ kind: 'hubify', lab })
    expect(accountApi(record())).toEqual({ kind: 'runpod' })
    expect(accountApi(record({ provider: 'runpod' }))).toEqual({ kind: 'runpod' })
  })

  test.each([
    ['an unknown provider', { provider: 'lambda' }],
    ['an unknown provider that has labs', { provider: 'lambda', lab }],
    ['no lab', { provider: 'hubify' }],
    ['no provider', { lab }],
    ['the wrong provider', { provider: 'runpod', lab }],
  ])('with %s is kept as it is, and its key is for nothing', (_, odd) => {
    const stored = record(odd)
    expect(complete(stored)).toEqual([stored])
    expect(accountApi(stored).kind).toBe('unusable')
  })

  test.each([7, 'lab_1', {}, { id: '' }, { id: 7, slug: 'x' }, { id: 'x'.repeat(201) }])(
    'with the lab %o that makes no sense is for nothing',
    (odd) => {
      const [read] = complete({ ...record({ provider: 'hubify' }), lab: odd })
      expect(read).toEqual(record({ provider: 'hubify' }))
      expect(read && accountApi(read).kind).toBe('unusable')
    },
  )

  test('uses no announced routes unless that is stored', () => {
    const [read] = complete({ ...record(ofLab), lab: { id: 'lab_1', slug: 'x', usesAnnouncedRoutes: 'yes' } })
    expect(read?.lab?.usesAnnouncedRoutes).toBe(false)
    const changed = withAccountChanges(record(ofLab), { usesAnnouncedRoutes: false })
    expect(changed.lab).toEqual({ ...lab, usesAnnouncedRoutes: false })
    expect(withAccountChanges(record(), { usesAnnouncedRoutes: true })).toEqual(record())
  })

  test('is named after its lab, as plain text of limited length, and never like another account', () => {
    const called = (name: string, ...taken: string[]) =>
      freeLabName(
        taken.map((each) => ({ name: each })),
        { name, slug: 'dark-energy' },
      )
    expect(called('Dark energy')).toBe('Dark energy')
    expect(called('Dark energy', 'dark ENERGY', 'Dark energy 2')).toBe('Dark energy 3')
    expect(called('\u202e \n')).toBe('dark-energy')
    expect(called('\u001b[31mred')).toBe('[31mred')
    const long = called('x'.repeat(100), 'x'.repeat(MAX_ACCOUNT_NAME))
    expect(long).toBe(`${'x'.repeat(MAX_ACCOUNT_NAME - 2)} 2`)
  })

  test('is not among those that a Runpod key may belong to', () => {
    const accounts = [record(), record({ ...ofLab, id: 'b' })]
    expect(knownAccountsOf({ accounts }).map(({ id }) => id)).toEqual(['a'])
  })
})
