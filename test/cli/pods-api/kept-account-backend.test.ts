import { expect, test } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import {
  actForToken,
  createPodChanges,
  keepOnForToken,
} from '../../../src/node/pods-api/accounts/token-actions'
import type { ServerRefusal } from '../../../src/node/servers/ask-keeper'
import { createFakeKeeper, rulesThere } from '../../harness/data-folder/kept-accounts'
import { createFakeHolder, detailsOf, servedAccount } from '../../harness/data-folder/served-accounts'

/* What tokens and agents of this computer ask for of an account that a server keeps. */

const target = { accountId: 'a', podId: 'p', podName: 'llama', tokenName: 'ci' }
function keptAccount(refusal: ServerRefusal | null = null) {
  const { keeper, sent } = createFakeKeeper(refusal)
  const { holder, asked } = createFakeHolder({}, { keeperOf: () => keeper })
  return { holder, sent, here: () => asked.map(({ name }) => name), asked }
}

test('stops, starts and holds go to the server once they are in the activity log here, and nothing is done here', async () => {
  const { holder, sent, here, asked } = keptAccount()
  expect(await actForToken(holder, target, 'stop')).toEqual({ kind: 'done' })
  expect(await actForToken(holder, target, 'start')).toEqual({ kind: 'done' })
  expect(await keepOnForToken(holder, target, '1-hour')).toEqual(ok(undefined))
  expect(await keepOnForToken(holder, target, 'off')).toEqual(ok(undefined))
  expect(sent).toEqual([
    ['stop', 'p'],
    ['start', 'p'],
    ['keep', 'p', '1-hour'],
    ['keep', 'p', null],
  ])
  expect(here()).toEqual(Array.from({ length: 4 }, () => 'recordRequest'))
  expect(asked[0]?.args.slice(0, 2)).toEqual(['ci', expect.stringContaining('to stop llama')])
})

test('rules are read and changed there, and a guard is not', async () => {
  const { holder, sent, here } = keptAccount()
  const account = servedAccount('a')
  const [pod] = detailsOf({ id: 'p' }).pods
  const changes = createPodChanges(holder, 'ci', async () => null)
  const found = { account, pod: pod! }
  expect(await changes.changeRules(found, { maxHours: 9 })).toMatchObject({
    ok: true,
    value: { podId: 'pod_p', rules: { maxHours: 9 } },
  })
  expect(await changes.rules(found)).toMatchObject({ ok: true, value: { podId: 'pod_p', ...rulesThere } })
  expect(await changes.changeGuard(found, 'stop')).toMatchObject({ ok: false, refusal: { status: 409 } })
  expect(sent).toEqual([['rules', 'p', { maxHours: 9 }], 'read', 'read'])
  expect(here()).toEqual(['recordRequest'])
})

test.each([
  ['failed', { status: 409 }, {}],
  ['unreachable', { status: 503, mayRetry: true }, {}],
  ['lost', { status: 503 }, { isUnclear: true }],
] as const)('a server that answers "%s" is not replaced by this computer', async (code, refusal, rest) => {
  const { holder, here } = keptAccount({ code, isLost: code !== 'failed', message: 'no' })
  expect(await actForToken(holder, target, 'stop')).toMatchObject({ ok: false, refusal, ...rest })
  expect(here()).toEqual(['recordRequest'])
})

test('nothing is asked of the server that could not be written down here', async () => {
  const { sent, holder: kept } = keptAccount()
  const unwritten = { code: 'failed', message: 'the disk is full' } as const
  const { holder } = createFakeHolder(
    { recordRequest: async () => fail(unwritten) },
    { keeperOf: kept.keeperOf },
  )
  expect(await actForToken(holder, target, 'stop')).toMatchObject({ ok: false, refusal: { status: 409 } })
  expect(sent).toEqual([])
})

test('a restart is sent from here, as one of a person is', async () => {
  const { holder, sent, here } = keptAccount()
  const progress = actForToken(holder, target, 'restart')
  await Promise.resolve()
  expect([sent, here()]).toEqual([[], ['actForToken']])
  void progress
})
