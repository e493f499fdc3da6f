import { expect, test, vi } from 'vitest'
import { ok, type Result } from '../../../src/core/base/result'
import type { Monitor } from '../../../src/core/monitor-types'
import type { AccountSession } from '../../../src/main/account/account-session-types'
import { FULL_KEY, READ_ONLY_KEY, type Simulator } from '../../../src/simulator/simulator'
import { deferred } from '../../harness/provider'
import { type Bench, bench, connected, keyring, startRunpod } from '../../harness/account-session'

const THIRD_KEY = 'rpa_simulated_third_key'
const NO_GRAPHQL = { kind: 'gone', path: '/graphql' } as const

/** Watches an account without pods and selects all of its pods for automatic stops. */
async function watchWithRules(runpod: Simulator, b: Bench): Promise<string> {
  await paste(b, FULL_KEY)
  inMonitor(b.session, (monitor) => monitor.setAutoStop('all'))
  if (!runpod.requests.some(({ path }) => path === '/graphql')) throw new Error('the id was not asked for')
  return b.account?.id ?? ''
}

async function paste(b: Bench, key: string): Promise<void> {
  b.clipboard = key
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'accepted' })
  await connected(b.session)
}

const inMonitor = <T>(session: AccountSession, run: (monitor: Monitor) => T): T => {
  const result = session.withMonitor((monitor) => ({ ok: true, value: run(monitor) }))
  if (!result.ok) throw new Error(result.error)
  return result.value
}

const stateOf = ({ session }: Bench) => {
  const { account, guard } = session.snapshot()
  return { id: account?.id, asked: account?.earlierKeyEnding, autoStop: guard.autoStop }
}

test('a rotated key without pods keeps the rules, because Runpod names the same account', async () => {
  const runpod = await startRunpod()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await watchWithRules(runpod, b)
  await paste(b, READ_ONLY_KEY)
  expect(stateOf(b)).toEqual({ id, asked: undefined, autoStop: 'all' })
})

test('a key of another account starts fresh, calls no pod gone, and leaves the other rules as they are', async () => {
  const runpod = await startRunpod({ accountIds: { [READ_ONLY_KEY]: 'user_other' } })
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await watchWithRules(runpod, b)
  await paste(b, READ_ONLY_KEY)
  expect(stateOf(b)).toMatchObject({ asked: undefined, autoStop: 'undecided' })
  expect(b.session.snapshot().gonePods).toEqual([])
  expect(b.store.accountRules.load(id).autoStop).toBe('all')
  await paste(b, FULL_KEY)
  expect(stateOf(b)).toEqual({ id, asked: undefined, autoStop: 'all' })
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
  await paste(b, READ_ONLY_KEY)
  expect(stateOf(b)).toMatchObject({ asked: FULL_KEY.slice(-4), autoStop: 'undecided' })
  expect(b.account?.id).not.toBe(id)
  expect(inMonitor(b.session, (monitor) => monitor.setAutoStop('all'))).toMatchObject({
    ok: false,
    error: expect.stringContaining('say first whether this is the same Runpod account'),
  })

  b.isAgreed = false
  for (const isSameAccount of [true, false])
    expect(await b.session.answerAccountQuestion(isSameAccount)).toEqual({ ok: true, value: false })
  expect(b.questions.slice(-2)).toEqual([
    'Keep the rules of the earlier key?',
    'Start without the earlier rules?',
  ])
  expect(stateOf(b)).toMatchObject({ asked: FULL_KEY.slice(-4), autoStop: 'undecided' })
  b.isAgreed = true
  expect(await b.session.answerAccountQuestion(true)).toEqual({ ok: true, value: true })
  await connected(b.session)
  expect(stateOf(b)).toEqual({ id, asked: undefined, autoStop: 'all' })
  expect(b.account).toMatchObject({ id, keyEnding: READ_ONLY_KEY.slice(-4) })
  expect(await b.session.answerAccountQuestion(true)).toMatchObject({ ok: false })
})

test('the answer that it is another account starts fresh, for good', async () => {
  const runpod = await startRunpod()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await watchWithRules(runpod, b)
  runpod.fault(NO_GRAPHQL)
  await paste(b, READ_ONLY_KEY)
  expect(await b.session.answerAccountQuestion(false)).toMatchObject({ ok: true })
  await connected(b.session)
  expect(stateOf(b)).toMatchObject({ asked: undefined, autoStop: 'undecided' })
  expect(inMonitor(b.session, (monitor) => monitor.setAutoStop('ticked'))).toMatchObject({ ok: true })
  await paste(b, READ_ONLY_KEY)
  expect(stateOf(b)).toMatchObject({ asked: undefined, autoStop: 'ticked' })
  expect(b.store.accountRules.load(id).autoStop).toBe('all')
})

test('an answer counts only for the key that it was asked about', async () => {
  const runpod = await startRunpod({
    keys: { [FULL_KEY]: 'full', [READ_ONLY_KEY]: 'full', [THIRD_KEY]: 'full' },
  })
  const answer = deferred<Result<string, string>>()
  const b = bench({
    baseUrl: `${runpod.url}/v2`,
    ask: (question) => (question.id.startsWith('same account') ? answer.promise : Promise.resolve(ok(''))),
  })
  await watchWithRules(runpod, b)
  runpod.fault(NO_GRAPHQL)
  await paste(b, READ_ONLY_KEY)
  const answering = b.session.answerAccountQuestion(true)
  await paste(b, THIRD_KEY)
  expect(stateOf(b).asked).toBeDefined()
  answer.resolve(ok(''))
  expect(await answering).toEqual({ ok: false, error: 'This is not asked any more.' })
  expect(stateOf(b)).toMatchObject({ asked: expect.any(String), autoStop: 'undecided' })
})

test('an answer waits while an action is in progress, which would not be followed otherwise', async () => {
  const runpod = await startRunpod()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  await watchWithRules(runpod, b)
  runpod.fault(NO_GRAPHQL)
  await paste(b, READ_ONLY_KEY)
  runpod.addPod({ id: 'new', name: 'new', mode: 'training' })
  b.session.refresh()
  await vi.waitFor(() => expect(b.session.snapshot().pods).toHaveLength(1))
  inMonitor(b.session, (monitor) => monitor.act('new', 'stop'))
  expect(await b.session.answerAccountQuestion(true)).toMatchObject({
    ok: false,
    error: expect.stringContaining('an action is under way (new)'),
  })
  const [pod] = b.session.snapshot().pods
  inMonitor(b.session, (monitor) => monitor.undo(pod?.intent?.id ?? ''))
  expect(await b.session.answerAccountQuestion(true)).toMatchObject({ ok: true })
})

test('the question is answered by Runpod as soon as it names the account, after a restart too', async () => {
  const runpod = await startRunpod()
  const first = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await watchWithRules(runpod, first)
  runpod.fault(NO_GRAPHQL)
  await paste(first, READ_ONLY_KEY)
  first.session.dispose()

  const again = bench({ baseUrl: `${runpod.url}/v2`, store: first.store })
  again.clipboard = READ_ONLY_KEY
  await again.session.pasteKey()
  await connected(again.session)
  expect(stateOf(again)).toMatchObject({ asked: FULL_KEY.slice(-4), autoStop: 'undecided' })
  again.session.dispose()

  runpod.clearFaults()
  runpod.fault({ kind: 'server-error', path: '/graphql', count: 2 })
  const later = bench({ baseUrl: `${runpod.url}/v2`, store: first.store })
  later.clipboard = READ_ONLY_KEY
  await later.session.pasteKey()
  await vi.waitFor(() => expect(stateOf(later)).toEqual({ id, asked: undefined, autoStop: 'all' }), 10_000)
})

test('an account of an earlier version learns its id, so that the next key is matched without a question', async () => {
  const runpod = await startRunpod()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  // For the balance and the id, when the key is tried.
  runpod.fault({ ...NO_GRAPHQL, count: 2 })
  await paste(b, FULL_KEY)
  await vi.waitFor(() => expect(b.store.knownAccounts()).toMatchObject([{ apiAccountId: 'user_simulated' }]))
  inMonitor(b.session, (monitor) => monitor.setAutoStop('all'))
  await paste(b, READ_ONLY_KEY)
  expect(stateOf(b)).toMatchObject({ asked: undefined, autoStop: 'all' })
})

test('an answer that Runpod contradicts later is undone: the key starts fresh, and the person is told', async () => {
  const runpod = await startRunpod({ accountIds: { [READ_ONLY_KEY]: 'user_other' } })
  const b = bench({ baseUrl: `${runpod.url}/v2`, keyring: keyring({}) })
  const id = await watchWithRules(runpod, b)
  runpod.fault(NO_GRAPHQL)
  await paste(b, READ_ONLY_KEY)
  await b.session.answerAccountQuestion(true)
  expect(stateOf(b)).toEqual({ id, asked: undefined, autoStop: 'all' })
  b.session.dispose()

  runpod.clearFaults()
  const again = bench({
    baseUrl: `${runpod.url}/v2`,
    store: b.store,
    keyring: keyring({ decrypt: ok({ text: READ_ONLY_KEY, isOutdated: false }) }),
  })
  await again.session.restore()
  await vi.waitFor(() => expect(stateOf(again)).toMatchObject({ autoStop: 'undecided' }))
  expect(again.account?.id).not.toBe(id)
  expect(b.store.accountRules.load(id).autoStop).toBe('all')
  expect(again.session.snapshot().notices.map(({ text }) => text)).toEqual([
    'Runpod says that this key belongs to another account than before, so the rules of that account apply, if it has any. Those of the other account are kept.',
  ])
})

test('a key of which Runpod does not say whose it is replaces another one only after a yes', async () => {
  const runpod = await startRunpod()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await watchWithRules(runpod, b)
  runpod.fault(NO_GRAPHQL)
  b.isAgreed = false
  b.clipboard = READ_ONLY_KEY
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'undecided' })
  expect(b.questions.at(-1)).toBe('Replace the key?')
  expect(stateOf(b)).toEqual({ id, asked: undefined, autoStop: 'all' })
  b.isAgreed = true
  await paste(b, READ_ONLY_KEY)
  expect(stateOf(b)).toMatchObject({ asked: FULL_KEY.slice(-4), autoStop: 'undecided' })
})
