import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEventLog, type NewApiEvent } from '../../../src/core/pods-api/api-event'
import { API_PREFIX, apiRoutes } from '../../../src/core/pods-api/api-routes'
import { findApiRoute } from '../../../src/core/pods-api/find-api-route'
import { experimentProblem } from '../../../src/core/pods-api/api-schemas'
import { apiScopes } from '../../../src/core/pods-api/api-types'
import {
  grants,
  parseLifetime,
  type TokenRole,
  tokenRoles,
  tokenScopeFor,
  tokenScopes,
} from '../../../src/core/pods-api/api-token'
import { pageOf } from '../../../src/core/pods-api/api-input'
import { createRateWindows } from '../../../src/core/pods-api/access/rate-window'
import { DAY_MS, HOUR_MS } from '../../../src/core/base/time/time'

describe('a rate window', () => {
  test('never lets more than its limit through in any one window, whatever the times', () => {
    const steps = fc.array(fc.record({ caller: fc.constantFrom('a', 'b'), afterMs: fc.nat(400) }), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 5 }), (requests, limit) => {
        const windows = createRateWindows(limit, 1_000)
        const allowed: Record<string, number[]> = { a: [], b: [] }
        let nowMs = 0
        for (const { caller, afterMs } of requests) {
          nowMs += afterMs
          const verdict = windows.take(caller, nowMs)
          expect(verdict.remaining).toBeGreaterThanOrEqual(0)
          expect(verdict.resetsInMs).toBeLessThanOrEqual(1_000)
          if (verdict.isAllowed) allowed[caller]!.push(nowMs)
          // Windows don't slide, so that two of them can meet.
          const recent = allowed[caller]!.filter((at) => at > nowMs - 1_000)
          expect(recent.length).toBeLessThanOrEqual(limit * 2)
        }
      }),
    )
  })

  test('is of each caller alone, and is new once it ended', () => {
    const windows = createRateWindows(1, 1_000)
    expect(windows.take('a', 0)).toMatchObject({ isAllowed: true, remaining: 0, resetsInMs: 1_000 })
    expect(windows.take('a', 999)).toMatchObject({ isAllowed: false, resetsInMs: 1 })
    expect(windows.take('b', 999).isAllowed).toBe(true)
    expect(windows.take('a', 1_000).isAllowed).toBe(true)
  })
})

describe('the event log', () => {
  const event = (text: string): NewApiEvent => ({ type: 'alert', accountId: 'a', data: { text } })

  test('gives a client that comes back exactly what it missed, or says that some is gone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 5 }),
        fc.nat(3_000),
        (batches, seenAt) => {
          const log = createEventLog('run')
          let count = 0
          let seen = log.latestId()
          let seenCount = 0
          for (const size of batches) {
            log.add(Array.from({ length: size }, () => event(String((count += 1)))))
            if (count <= seenAt) {
              seen = log.latestId()
              seenCount = count
            }
          }
          const missed = log.since(seen)
          if (count - seenCount > 2_000) expect(missed).toBeNull()
          else
            expect(missed?.map(({ data }) => data['text'])).toEqual(
              Array.from({ length: count - seenCount }, (_, index) => String(seenCount + index + 1)),
            )
        },
      ),
      { numRuns: 50 },
    )
  })

  test.each(['other-1', 'run-2', 'run--1', 'run-x', 'run', '', '1', 'run-1e3'])(
    'starts a client anew whose last id is %j',
    (id) => {
      const log = createEventLog('run')
      log.add([event('x')])
      expect(log.since(id)).toBeNull()
    },
  )

  test('tells its listeners until they are removed', () => {
    const log = createEventLog('run')
    const seen: number[] = []
    const remove = log.onEvents((events) => seen.push(...events.map(({ seq }) => seq)))
    log.add([event('a'), event('b')])
    remove()
    log.add([event('c')])
    expect(seen).toEqual([1, 2])
    expect(log.since(null)).toEqual([])
  })
})

describe('scopes', () => {
  test('are read by each token, and nothing else is granted by reading', () => {
    const reading = apiScopes.filter((scope) => scope.endsWith(':read'))
    for (const scope of tokenScopes) for (const each of reading) expect(grants([scope], each)).toBe(true)
    expect(apiScopes.filter((scope) => grants(['pods:read'], scope))).toEqual(reading)
    expect(apiScopes.filter((scope) => grants([], scope))).toEqual([])
    expect(grants(['pods:write'], 'pods:terminate')).toBe(false)
    expect(grants(['pods:terminate'], 'pods:write')).toBe(false)
    expect(apiScopes.filter((scope) => grants(['pods:operate'], scope))).toEqual(
      apiScopes.filter((scope) => scope.endsWith(':read') || scope === 'pods:operate'),
    )
  })

  test('as roles let through these routes, each more than the one before', () => {
    const routesOf = (role: TokenRole): readonly string[] =>
      apiRoutes
        .filter(({ scope, method }) => method !== 'GET' && grants(tokenRoles[role], scope))
        .map(({ method, path }) => `${method} ${path}`)
    expect(routesOf('see')).toEqual([])
    expect(routesOf('operate')).toEqual(['POST /pods/:id/stop', 'POST /pods/:id/keep-running'])
    expect(routesOf('spend')).toEqual([
      'POST /pods',
      'POST /pods/:id/start',
      'POST /pods/:id/stop',
      'POST /pods/:id/keep-running',
      'POST /pods/:id/restart',
      'PATCH /pods/:id/rules',
      'POST /pods/:id/guard',
      'PATCH /labs/:id/settings',
      'POST /experiments',
      'POST /experiments/:id/cancel',
    ])
    expect(routesOf('administer')).toHaveLength(routesOf('spend').length + 1)
  })

  test('to ask a person for are those that grant it', () => {
    for (const scope of apiScopes) expect(grants([tokenScopeFor(scope)], scope)).toBe(true)
  })

  test('of routes that change something are never reading ones', () => {
    for (const { method, scope } of apiRoutes)
      expect([method, scope.endsWith(':read')]).toEqual([method, method === 'GET'])
    expect(apiRoutes.filter(({ scope }) => scope === 'pods:terminate').map(({ path }) => path)).toEqual([
      '/pods/:id/terminate',
    ])
  })
})

test.each([
  ['30d', 30 * DAY_MS],
  ['12h', 12 * HOUR_MS],
  [' 5m ', 300_000],
  ['0d', null],
  ['4000d', null],
  ['1w', null],
  ['', null],
  ['-1d', null],
  ['1.5h', null],
])('the lifetime %j is %j ms', (text, ms) => expect(parseLifetime(text)).toBe(ms))

test.each([
  ['train', 'python train.py', null],
  ['Größe 🎉', 'a\nb\t\u202e', null],
  ['two\nlines', 'true', 'title: it must be one line of text'],
  ['half \ud83c', 'true', 'title: it must be one line of text'],
  ['x', 'a\0b', 'command: a null character can’t be part of it'],
  ['x', ' \n', 'command: it is blank'],
])('an experiment titled %j with the command %j has the problem %j', (title, command, problem) =>
  expect(experimentProblem({ labId: 'a', title, command, computeMode: 'CPU', priority: 'normal' })).toBe(
    problem,
  ),
)

describe('a path', () => {
  test('finds the route of its costs before that of a pod', () => {
    const found = findApiRoute('GET', `${API_PREFIX}/pods/costs`)
    expect('route' in found && found.route.path).toBe('/pods/costs')
  })

  test('that no route has says which methods there are', () => {
    expect(findApiRoute('DELETE', `${API_PREFIX}/pods`)).toEqual({ methods: ['GET', 'POST'] })
    expect(findApiRoute('GET', '/api/v2/pods')).toEqual({ methods: [] })
    expect(findApiRoute('GET', `${API_PREFIX}/pods/%E0%A4%A`)).toEqual({ methods: [] })
  })
})

test('pages have each item once and in order, whatever the limit', () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 60 })
  fc.assert(
    fc.property(ids, fc.integer({ min: 1, max: 150 }), (all, limit) => {
      const items = all.map((id) => ({ id, body: id }))
      const seen: unknown[] = []
      let cursor: string | null = null
      for (let pages = 0; pages <= all.length; pages += 1) {
        const query = new URLSearchParams({ limit: String(limit), ...(cursor !== null && { cursor }) })
        const page = pageOf(items, query, true)
        if ('problem' in page) throw new Error(page.problem)
        seen.push(...page.items)
        expect(page.meta.has_more).toBe(page.meta.next_cursor !== null)
        cursor = page.meta.next_cursor
        if (cursor === null) break
      }
      expect(seen).toEqual(all)
    }),
  )
})
