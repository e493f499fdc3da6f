import { expect, test } from 'vitest'
import { fail, ok, type Result } from '../../../../src/core/base/result'
import type { PodKey } from '../../../../src/core/pods/pod'
import { createBulkPodRequests } from '../../../../src/main/account/requests/bulk-requests'

function fixture(answers: Readonly<Record<PodKey, Result<void, string>>> = {}) {
  const asked: unknown[] = []
  const answer = (podKey: PodKey) => answers[podKey] ?? ok(undefined)
  const requests = createBulkPodRequests(
    {
      undo: (intentId) => (asked.push(intentId), intentId === 'sent' ? fail('Too late.') : ok(undefined)),
    },
    {
      act: async (...args) => (asked.push(args), answer(args[0])),
      changePodRules: async (...args) => (asked.push(args), answer(args[0])),
      keepOn: async (...args) => (asked.push(args), answer(args[0])),
    },
  )
  return { asked, requests }
}

test('each pod is stopped once, however often it is named, and what fails keeps no other from it', async () => {
  const { asked, requests } = fixture({ 'a/2': fail('It is locked.') })
  expect(await requests.stopPods(['a/1', 'a/2', 'b/1', 'a/1'])).toEqual([
    { key: 'a/2', message: 'It is locked.' },
  ])
  expect(asked).toEqual([
    ['a/1', 'stop'],
    ['a/2', 'stop'],
    ['b/1', 'stop'],
  ])
})

test('all are selected for automatic stops, deselected, or follow their account again', async () => {
  for (const isAutoStopped of [true, false, null]) {
    const { asked, requests } = fixture()
    expect(await requests.selectForAutoStop(['a/1', 'b/1'], isAutoStopped)).toEqual([])
    expect(asked).toEqual([
      ['a/1', { isAutoStopped }],
      ['b/1', { isAutoStopped }],
    ])
  }
})

test('all are kept running, and what fails for one is said of that one', async () => {
  const { asked, requests } = fixture({ 'b/1': fail('That account is not connected.') })
  expect(await requests.keepPodsOn(['a/1', 'b/1'], '4-hours')).toEqual([
    { key: 'b/1', message: 'That account is not connected.' },
  ])
  expect(asked).toEqual([
    ['a/1', '4-hours'],
    ['b/1', '4-hours'],
  ])
})

test('all are undone before anything else happens, each once, and what was sent is reported', async () => {
  const { asked, requests } = fixture()
  const answer = requests.undoAll(['first', 'sent', 'last', 'first'])
  expect(asked).toEqual(['first', 'sent', 'last'])
  expect(await answer).toEqual([{ key: 'sent', message: 'Too late.' }])
})
