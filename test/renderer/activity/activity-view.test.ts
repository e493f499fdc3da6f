import { expect, test } from 'vitest'
import * as v from 'valibot'
import { DAY_MS } from '../../../src/core/base/time/time'
import { activityRequestSchemas } from '../../../src/shared/requests/activity-requests'
import {
  allActivity,
  loadActivityView,
  saveActivityView,
  toActivityFilter,
} from '../../../src/renderer/activity/activity-view'
import { lookedText } from '../../../src/renderer/activity/activity-text'

const storageOf = (text: string | null) => ({ getItem: () => text })

test('the filters of a window are there again, without the search, and the time counts anew', () => {
  let stored = ''
  const view = { ...allActivity, kind: 'alert', outcome: 'bad', span: 'day', accountId: 'a' } as const
  saveActivityView({ setItem: (_key, text) => (stored = text) }, { ...view, search: 'x', chosenAtMs: 5 })
  expect(loadActivityView(storageOf(stored), 77)).toEqual({ ...view, chosenAtMs: 77 })
})

test.each([null, '', '7', 'null', '{"kind":"x","outcome":1,"span":"toString","accountId":{}}'])(
  'a stored view of %j limits nothing',
  (text) => {
    expect(loadActivityView(storageOf(text), 1)).toEqual({ ...allActivity, chosenAtMs: 1 })
  },
)

test('full storage only prevents the filters from being remembered', () => {
  const full = {
    setItem: () => {
      throw new Error('full')
    },
  }
  expect(() => saveActivityView(full, allActivity)).not.toThrow()
})

test('a filter has only what is chosen, and main accepts it', () => {
  expect(toActivityFilter(allActivity, null, null)).toEqual({})
  expect(toActivityFilter({ ...allActivity, search: '  ' }, null, 'a')).toEqual({ accountId: 'a' })
  const all = toActivityFilter(
    { kind: 'rule', outcome: 'good', span: 'day', chosenAtMs: 2 * DAY_MS, accountId: 'b', search: ' a b ' },
    'a/p',
    'a',
  )
  expect(all).toEqual({ kind: 'rule', outcome: 'good', sinceMs: DAY_MS, podKey: 'a/p', search: 'a b' })
  const long = toActivityFilter({ ...allActivity, search: 'x'.repeat(5_000) }, null, null)
  for (const filter of [{}, all, long])
    expect(v.safeParse(activityRequestSchemas.auditPage, [null, filter]).success).toBe(true)
})

test('main rejects filters that the windows do not send', () => {
  for (const filter of [
    null,
    [],
    { search: 'x'.repeat(201) },
    { search: 1 },
    { kind: 'Alert' },
    { outcome: null },
    { sinceMs: Number.NaN },
    { sinceMs: '1' },
    { podKey: 'a' },
    { accountId: '' },
    { path: '/etc/passwd' },
  ]) {
    expect(v.safeParse(activityRequestSchemas.auditPage, [null, filter]).success).toBe(false)
    expect(v.safeParse(activityRequestSchemas.exportActivity, [filter, 'csv']).success).toBe(false)
  }
  for (const before of [-1, 1.5, '1', 2 ** 60])
    expect(v.safeParse(activityRequestSchemas.auditPage, [before, {}]).success).toBe(false)
  expect(v.safeParse(activityRequestSchemas.exportActivity, [{}, 'exe']).success).toBe(false)
})

test('how far back a filter has searched is shown in the number format of the user', () => {
  const nowMs = new Date(2026, 10, 24, 14, 17).getTime()
  expect(lookedText(12_500, new Date(2026, 10, 3, 14, 5).getTime(), nowMs)).toMatch(
    /^Searched 12,500 entries, back to Nov 3, (2:05 PM|14:05)\.$/,
  )
  expect(lookedText(1, null, nowMs)).toBe('Searched 1 entry.')
})
