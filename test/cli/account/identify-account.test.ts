import { expect, test } from 'vitest'
import type { CliAccount } from '../../../src/cli/account/account'
import { identifyAccount } from '../../../src/cli/account/identify-account'
import { ok } from '../../../src/core/base/result'
import type { KnownAccount } from '../../../src/core/settings/account-identity'
import { createScriptedProvider, failure } from '../../harness/monitor/scripted-provider'

const BASE_URL = 'https://api.test/v2'
const earlier: KnownAccount = {
  id: 'lab',
  keyId: 'key-of-lab',
  baseUrl: BASE_URL,
  keyEnding: 'aaaa',
  apiAccountId: 'user-1',
}

test('a watch that starts while Runpod refuses every key goes on trying, and then uses the rules of the account', async () => {
  const provider = createScriptedProvider([])
  let isOut = true
  provider.listPods = async () => (isOut ? failure('unauthorized') : ok({ pods: [], isComplete: true }))
  provider.readAccountId = async () => (isOut ? failure('unauthorized') : ok('user-1'))
  const account: CliAccount = {
    name: 'environment',
    view: { id: 'new-key', isDemo: false, host: 'api.test', keyStorage: 'session-only' },
    provider,
    key: { id: 'new-key', baseUrl: BASE_URL, isNewAccount: false },
    question: null,
    settings: {},
    close: async () => {},
  }
  const waits: string[] = []
  const identified = await identifyAccount(
    account,
    [earlier],
    () => new Set(),
    async ({ kind }) => {
      waits.push(kind)
      isOut = waits.length < 3
    },
  )
  expect(waits).toEqual(['unauthorized', 'unauthorized', 'unauthorized'])
  expect(identified).toMatchObject({ view: { id: 'lab' }, question: null })
})
