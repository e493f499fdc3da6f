import { expect, test } from 'vitest'
import { podsProblem, visibleDetails } from '../../../../src/core/pods-api/api-caller'
import { apiRoutes } from '../../../../src/core/pods-api/api-routes'
import { detailsOf } from '../../../harness/data-folder/served-accounts'
import { obstacle } from '../../../harness/samples/obstacles'

const alice = { name: 'alice', podNames: ['alice-*', 'shared-?'] }

test('a token for some pods may use these routes and no others, those of later versions included', () => {
  const open = apiRoutes.filter((route) => podsProblem(alice, route) === null)
  expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /pods',
    'GET /pods/:id',
    'POST /pods/:id/start',
    'POST /pods/:id/stop',
    'POST /pods/:id/keep-running',
    'POST /pods/:id/restart',
    'POST /pods/:id/terminate',
    'GET /pods/:id/ssh',
    'GET /pods/:id/rules',
    'PATCH /pods/:id/rules',
    'GET /pods/:id/guard',
    'POST /pods/:id/guard',
    'GET /labs',
    'GET /confirmations/:id',
  ])
  expect(podsProblem(alice, {})).toBe('The token alice is for some pods only')
  expect(apiRoutes.filter((route) => podsProblem({ name: 'all', podNames: null }, route) !== null)).toEqual(
    [],
  )
})

test('a token for some pods sees these, and nothing that is about another pod or all of them', () => {
  const pod = { phase: 'running', costPerHourUsd: 2 } as const
  const named = (id: string, name: string) => ({ id, name, ...pod })
  const details = {
    ...detailsOf(named('a', 'Alice-1'), named('b', 'bob-1'), named('c', 'shared-1'), named('d', 'shared-12')),
    obstacles: [obstacle(), obstacle({ podId: 'a' }), obstacle({ podId: 'b' })],
    stops: ['a', 'b'].map((podId) => ({
      podId,
      podName: '',
      state: 'due',
      action: 'stop',
      atMs: 0,
      text: '',
    })),
    perHourUsd: 8,
    balanceUsd: 100,
    quotaRequests: 5,
    month: { month: '2026-11', spentUsd: 1, todayUsd: 1, idleUsd: 1, isAtLeast: false },
  }
  expect(visibleDetails({ podNames: null }, details)).toBe(details)
  const seen = visibleDetails(alice, details)
  expect(seen.pods.map(({ id }) => id)).toEqual(['a', 'c'])
  expect([...seen.obstacles, ...seen.stops].map(({ podId }) => podId)).toEqual(['a', 'a'])
  expect(seen).toMatchObject({ perHourUsd: 4, balanceUsd: null, quotaRequests: null, month: null })
  expect(visibleDetails({ podNames: ['nobody-*'] }, details).pods).toEqual([])
})

test('a token for a label sees the pods that are known to have it, whatever they are called', () => {
  const details = detailsOf({ id: 'a' }, { id: 'b' }, { id: 'c', name: 'label:team' })
  const pods = details.pods.map((pod) => (pod.id === 'b' ? { ...pod, labels: ['gpu', 'team'] } : pod))
  const seen = (pattern: string) =>
    visibleDetails({ podNames: [pattern] }, { ...details, pods }).pods.map(({ id }) => id)
  expect([seen('label:team'), seen('label:tea*'), seen('label:')]).toEqual([['b'], [], []])
})
