import { expect, test, vi } from 'vitest'
import { ok, type Result } from '../../../../src/core/base/result'
import { FULL_KEY, READ_ONLY_KEY, type Simulator } from '../../../../src/simulator/simulator'
import { deferred } from '../../../harness/monitor/scripted-provider'
import {
  type Bench,
  bench,
  inMonitor,
  keyring,
  liveAccounts,
  paste,
  startRunpod,
  viewOf,
} from '../../../harness/data-folder/account-session-fixture'

const THIRD_KEY = 'rpa_simulated_third_key'
const NO_GRAPHQL = { kind: 'gone', path: '/graphql' } as const

/** Watches an account without pods and selects all of its pods for automatic stops. */
async function watchWithRules(runpod: Simulator, b: Bench): Promise<string> {
  const id = await paste(b, FULL_KEY)
  inMonitor(b, (monitor) => monitor.setAutoStop('all'))
  if (!runpod.requests.some(({ path }) => path === '/graphql')) throw new Error('the id was not asked for')
  return id
}

const stateOf = (b: Bench, accountId: string) => {
  const { account, guard } = viewOf(b, accountId)
  return { id: account?.id, asked: account?.earlierKeyEnding, autoStop: guard.autoStop }
}
const accountIds = ({ session }: Bench) => session.snapshot().accounts.map(({ entry }) => entry.id)

test('a rotated key without pods keeps the rules, because Runpod names the same account', async () => {
  const runpod = await startRunpod()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await watchWithRules(runpod, b)
  expect(await paste(b, READ_ONLY_KEY)).toBe(id)
  expect(stateOf(b, id)).toEqual({ id, asked: undefined, autoStop: 'all' })
  expect(accountIds(b)).toEqual([id])
})

test('a key of another account is added and starts fresh, calls no pod gone, and leaves the other rules as they are', async () => {
  const runpod = await startRunpod({ accountIds: { [READ_ONLY_KEY]: 'user_other' } })
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await watchWithRules(runpod, b)
  const other = await paste(b, READ_ONLY_KEY)
  expect(stateOf(b, other)).toEqual({ id: other, asked: undefined, autoStop: 'undecided' })
  expect(b.session.snapshot().gonePods).toEqual([])
  expect(b.store.accountRules.load(id).autoStop).toBe('all')
  expect(stateOf(b, id)).toEqual({ id, asked: undefined, autoStop: 'all' })
  expect(await paste(b, FULL_KEY)).toBe(id)
  expect(accountIds(b)).toEqual([id, other])
})

test.each([
  { name: 'is gone', fault: NO_GRAPHQL },
  { name: 'refuses', fault: { kind: 'forbidden', path: '/graphql' } as const },
  { name: 'answers nothing that can be read', fault: { kind: 'html', path: '/graphql' } as const },
])('where GraphQL $name the person is asked, and until then there are no rules', async ({ fault }) => {
  const runpod = await startRunpod()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await watchWithRules(runpod, b)
  runpod.fault(fault)
  const unclear = await paste(b, READ_ONLY_KEY)
  expect(unclear).not.toBe(id)
  const asked = { id: unclear, asked: FULL_KEY.slice(-4), autoStop: 'undecided' }
  expect(stateOf(b, unclear)).toEqual(asked)
  // Meanwhile the other one continues.
  expect(stateOf(b, id)).toEqual({ id, asked: undefined, autoStop: 'all' })
  expect(inMonitor(b, (monitor) => monitor.setAutoStop('all'), unclear)).toMatchObject({
    ok: false,
    error: expect.stringContaining('first confirm whether this is the same Runpod account'),
  })

  b.isAgreed = false
  for (const isSameAccount of [true, false])
    expect(await b.session.answerAccountQuestion(unclear, isSameAccount)).toEqual(ok(false))
  expect(b.questions.slice(-2)).toEqual([
    'Keep the rules of the earlier key?',
    'Start without the earlier rules?',
  ])
  expect(stateOf(b, unclear)).toEqual(asked)
  b.isAgreed = true
  expect(await b.session.answerAccountQuestion(unclear, true)).toEqual(ok(true))
  await liveAccounts(b.session)
  expect(stateOf(b, id)).toEqual({ id, asked: undefined, autoStop: 'all' })
  expect(accountIds(b)).toEqual([id])
  expect(b.store.accounts()).toMatchObject([{ id, keyEnding: READ_ONLY_KEY.slice(-4) }])
  for (const one of [id, unclear])
    expect(await b.session.answerAccountQuestion(one, true)).toMatchObject({ ok: false })
})

test('two entries that turn out to be one account continue as one, under the name, color and budgets of the older one', async () => {
  const runpod = await startRunpod()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await watchWithRules(runpod, b)
  const own = { name: 'Acme', color: 'pink', monthlyBudgetUsd: 600 } as const
  await b.session.changeAccount(id, own)
  runpod.fault(NO_GRAPHQL)
  const unclear = await paste(b, READ_ONLY_KEY)
  await b.session.changeAccount(unclear, { dailyBudgetUsd: 5 })
  await b.session.answerAccountQuestion(unclear, true)
  await liveAccounts(b.session)
  expect(b.store.accounts()).toEqual([
    { ...b.account, ...own, id, keyId: unclear, keyEnding: READ_ONLY_KEY.slice(-4) },
  ])
  expect(b.account).not.toHaveProperty('dailyBudgetUsd')
  expect(b.session.snapshot().accounts.map(({ entry }) => entry.name)).toEqual(['Acme'])
})

test('the answer that it is another account starts fresh, for good', async () => {
  const runpod = await startRunpod()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await watchWithRules(runpod, b)
  runpod.fault(NO_GRAPHQL)
  const other = await paste(b, READ_ONLY_KEY)
  expect(await b.session.answerAccountQuestion(other, false)).toMatchObject({ ok: true })
  await liveAccounts(b.session)
  expect(stateOf(b, other)).toMatchObject({ asked: undefined, autoStop: 'undecided' })
  expect(inMonitor(b, (monitor) => monitor.setAutoStop('ticked'), other)).toMatchObject({ ok: true })
  expect(await paste(b, READ_ONLY_KEY)).toBe(other)
  expect(stateOf(b, other)).toMatchObject({ asked: undefined, autoStop: 'ticked' })
  expect(b.store.accountRules.load(id).autoStop).toBe('all')
  expect(accountIds(b)).toEqual([id, other])
})

test('an answer counts only for the account that it was asked about, and not once that is removed', async () => {
  const runpod = await startRunpod({
    keys: { [FULL_KEY]: 'full', [READ_ONLY_KEY]: 'full', [THIRD_KEY]: 'full' },
  })
  const answers = [deferred<Result<string, string>>(), deferred<Result<string, string>>()]
  let asked = 0
  const b = bench({
    baseUrl: `${runpod.url}/v2`,
    ask(question) {
      if (!question.text.title.includes('earlier')) return Promise.resolve(ok(''))
      asked += 1
      return answers[asked - 1]?.promise ?? Promise.resolve(ok(''))
    },
  })
  const id = await watchWithRules(runpod, b)
  runpod.fault(NO_GRAPHQL)
  const second = await paste(b, READ_ONLY_KEY)
  const third = await paste(b, THIRD_KEY)
  const answering = [second, third].map((one) => b.session.answerAccountQuestion(one, true))
  expect(await b.session.removeAccount(third)).toEqual(ok(true))
  for (const answer of answers) answer.resolve(ok(''))
  expect(await Promise.all(answering)).toEqual([
    ok(true),
    { ok: false, error: 'This question is no longer open.' },
  ])
  expect(accountIds(b)).toEqual([id])
  expect(b.account?.keyEnding).toBe(READ_ONLY_KEY.slice(-4))
})

test('an answer waits while an action of either account is in progress, which would not be followed otherwise', async () => {
  const runpod = await startRunpod()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await watchWithRules(runpod, b)
  runpod.fault(NO_GRAPHQL)
  const unclear = await paste(b, READ_ONLY_KEY)
  runpod.addPod({ id: 'new', name: 'new', mode: 'training' })
  b.session.refresh()
  await vi.waitFor(() => expect(b.session.snapshot().pods).toHaveLength(2))
  for (const one of [unclear, id]) {
    expect(inMonitor(b, (monitor) => monitor.act('new', 'stop'), one)).toMatchObject({ ok: true })
    expect(await b.session.answerAccountQuestion(unclear, true)).toMatchObject({
      ok: false,
      error: expect.stringContaining('an action is in progress (new)'),
    })
    const pod = b.session.snapshot().pods.find(({ accountId }) => accountId === one)
    expect(b.session.undo(pod?.intent?.id ?? '')).toEqual(ok(undefined))
  }
  expect(await b.session.answerAccountQuestion(unclear, true)).toMatchObject({ ok: true })
})

test('the question is answered by Runpod as soon as it names the account, after a restart too', async () => {
  const runpod = await startRunpod()
  const first = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await watchWithRules(runpod, first)
  runpod.fault(NO_GRAPHQL)
  const unclear = await paste(first, READ_ONLY_KEY)
  first.session.dispose()

  const again = bench({ baseUrl: `${runpod.url}/v2`, store: first.store })
  await again.session.restore()
  await paste(again, READ_ONLY_KEY)
  expect(stateOf(again, unclear)).toMatchObject({ asked: FULL_KEY.slice(-4), autoStop: 'undecided' })
  again.session.dispose()

  runpod.clearFaults()
  runpod.fault({ kind: 'server-error', path: '/graphql', count: 2 })
  const later = bench({ baseUrl: `${runpod.url}/v2`, store: first.store })
  await later.session.restore()
  later.clipboard = READ_ONLY_KEY
  await later.session.pasteKey()
  await vi.waitFor(() => expect(stateOf(later, id)).toEqual({ id, asked: undefined, autoStop: 'all' }))
  expect(accountIds(later)).toEqual([id])
})

test('an account of an earlier version learns its id, so that the next key is matched without a question', async () => {
  const runpod = await startRunpod()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  // For the balance and the id, when the key is tried.
  runpod.fault({ ...NO_GRAPHQL, count: 2 })
  const id = await paste(b, FULL_KEY)
  await vi.waitFor(() => expect(b.store.knownAccounts()).toMatchObject([{ apiAccountId: 'user_simulated' }]))
  inMonitor(b, (monitor) => monitor.setAutoStop('all'))
  expect(await paste(b, READ_ONLY_KEY)).toBe(id)
  expect(stateOf(b, id)).toMatchObject({ asked: undefined, autoStop: 'all' })
})

test('an answer that Runpod contradicts later is undone: the key starts fresh, and the user is notified', async () => {
  const runpod = await startRunpod({ accountIds: { [READ_ONLY_KEY]: 'user_other' } })
  const b = bench({ baseUrl: `${runpod.url}/v2`, keyring: keyring({}) })
  const id = await watchWithRules(runpod, b)
  runpod.fault(NO_GRAPHQL)
  const unclear = await paste(b, READ_ONLY_KEY)
  await b.session.answerAccountQuestion(unclear, true)
  expect(stateOf(b, id)).toEqual({ id, asked: undefined, autoStop: 'all' })
  b.session.dispose()

  runpod.clearFaults()
  const again = bench({
    baseUrl: `${runpod.url}/v2`,
    store: b.store,
    keyring: keyring({ decrypt: ok({ text: READ_ONLY_KEY, isOutdated: false }) }),
  })
  await again.session.restore()
  await vi.waitFor(() => expect(again.account?.id).not.toBe(id))
  const [fresh = ''] = accountIds(again)
  await vi.waitFor(() => expect(stateOf(again, fresh)).toMatchObject({ autoStop: 'undecided' }))
  expect(again.account?.id).toBe(fresh)
  expect(b.store.accountRules.load(id).autoStop).toBe('all')
  expect(again.session.snapshot().notices.map(({ text }) => text)).toEqual([
    'Runpod says that this key belongs to a different account than before, so the rules of that account apply, if it has any. Those of the other account are kept.',
  ])
})

test('a key of which Runpod does not say whose it is is added beside the other account, which continues', async () => {
  const runpod = await startRunpod()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await watchWithRules(runpod, b)
  runpod.fault(NO_GRAPHQL)
  const unclear = await paste(b, READ_ONLY_KEY)
  expect(b.questions).toEqual(['Add another account?'])
  expect(accountIds(b)).toEqual([id, unclear])
  expect(b.store.accounts().map(({ name }) => name)).toEqual(['Runpod', 'Runpod 2'])
  expect(stateOf(b, id)).toEqual({ id, asked: undefined, autoStop: 'all' })
})
