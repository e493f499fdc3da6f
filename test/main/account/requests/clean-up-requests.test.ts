import { expect, test } from 'vitest'
import { fail, ok } from '../../../../src/core/base/result'
import type { Ask, Question } from '../../../../src/core/confirmation/question-queue'
import type { Monitor } from '../../../../src/core/monitor/monitor-types'
import { createCleanUpRequests } from '../../../../src/main/account/requests/clean-up-requests'
import { secretTemplate } from '../../../harness/samples/configurations'
import { answerOf, type ChangeWorldOptions, createChangeWorld } from '../../../harness/monitor/change-world'

interface AccountOptions extends ChangeWorldOptions {
  readonly answer?: Awaited<ReturnType<Ask>>
}

function account({ answer = ok('leaky'), ...options }: AccountOptions = {}) {
  const cloud = createChangeWorld(options)
  const questions: Question[] = []
  let keyReads = 0
  const monitor = { ...cloud.changes.requests, leftovers: () => ({ atMs: 5 }) } as unknown as Monitor
  const provider = {
    ...cloud.provider,
    async readSshKeys() {
      keyReads += 1
      return ok(['ssh-ed25519 AAAA'])
    },
  }
  const requests = createCleanUpRequests({
    clock: cloud.clock,
    monitor: (accountId) => (accountId === 'a' ? monitor : null),
    provider: (accountId) => (accountId === 'a' ? provider : null),
    foreignKeys: async () => ({ kind: 'read', items: [], gap: null }),
    ask: async (question) => {
      questions.push(question)
      return answer
    },
    nameOf: () => null,
  })
  return { cloud, questions, requests, keyReads: () => keyReads }
}

const leaky = { id: 'tpl-1', name: 'leaky' }

test('a page can’t delete a template unless that is confirmed by its name in main’s own window', async () => {
  for (const answer of [ok(null), fail('Too many questions are open.')]) {
    const { cloud, questions, requests } = account({ answer })
    expect(await requests.deleteTemplate('a', leaky)).toEqual(answer)
    expect([questions.length, cloud.sent]).toEqual([1, []])
  }
  const { cloud, questions, requests } = account()
  const deleted = await answerOf(Promise.resolve(requests.deleteTemplate('a', leaky)), cloud)
  expect(deleted).toMatchObject({ value: { kind: 'done' } })
  expect(cloud.sent).toEqual(['delete template tpl-1'])
  expect(questions[0]?.text).toMatchObject({ isDestructive: true, field: { acceptedInputs: ['leaky'] } })
})

test('the question names what main read: nothing is asked about a template that is gone or called otherwise', async () => {
  const { cloud, questions, requests } = account()
  for (const shown of [
    { ...leaky, name: 'harmless' },
    { ...leaky, id: 'other' },
  ])
    expect(await requests.deleteTemplate('a', shown)).toMatchObject({ value: { kind: 'refused' } })
  expect([questions, cloud.sent]).toEqual([[], []])
  const two = account({
    answer: ok(null),
    templates: [secretTemplate(), secretTemplate({ id: 'tpl-2', name: 'LEAKY' })],
  })
  await two.requests.deleteTemplate('a', leaky)
  expect(two.questions[0]?.text.field?.acceptedInputs).toEqual(['tpl-1'])
})

test('templates and keys are read once a minute at most, and again after a template was deleted', async () => {
  const { cloud, requests, keyReads } = account()
  for (let times = 0; times < 3; times += 1) await requests.cleanUp('a')
  expect(keyReads()).toBe(1)
  cloud.clock.advance(61_000)
  expect(await requests.cleanUp('a')).toMatchObject({
    value: { atMs: 5, templates: { items: [{ id: 'tpl-1' }] }, keys: { items: [] } },
  })
  expect(keyReads()).toBe(2)
  await answerOf(Promise.resolve(requests.deleteTemplate('a', leaky)), cloud)
  expect(await requests.cleanUp('a')).toMatchObject({ value: { templates: { items: [] } } })
  expect((await requests.cleanUp('b')).ok).toBe(false)
})
