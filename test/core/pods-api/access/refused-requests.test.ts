import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../../src/core/base/time/time'
import {
  createRefusedRequestsLog,
  refusedEntry,
  type RefusedRequests,
} from '../../../../src/core/pods-api/access/refused-requests'
import { createFakeClock } from '../../../harness/base/fake-clock'

function world() {
  const clock = createFakeClock()
  const recorded: RefusedRequests[] = []
  let canRecord = true
  const log = createRefusedRequestsLog({
    clock,
    record: (refused) => {
      if (canRecord) recorded.push(refused)
      return Promise.resolve(canRecord)
    },
  })
  return { clock, log, recorded, setCanRecord: (can: boolean) => (canRecord = can) }
}

test('refused requests are recorded within ten seconds, those of each token and reason with their count', async () => {
  const { clock, log, recorded } = world()
  log.add(null, 'token')
  log.add('ci', 'rights')
  log.add(null, 'token')
  log.add(null, 'origin')
  await clock.advanceAsync(10 * SECOND_MS)
  expect(recorded).toEqual([
    { tokenName: null, reason: 'token', count: 2 },
    { tokenName: 'ci', reason: 'rights', count: 1 },
    { tokenName: null, reason: 'origin', count: 1 },
  ])
})

test('a flood of a day is a few entries with all of it, and after it one request is recorded soon again', async () => {
  const { clock, log, recorded } = world()
  const flood = 24 * 60
  for (let minute = 0; minute < flood; minute += 1) {
    for (let each = 0; each < 100; each += 1) log.add(null, 'token')
    await clock.advanceAsync(MINUTE_MS)
  }
  await clock.advanceAsync(2 * HOUR_MS)
  expect(recorded.length).toBeLessThan(30)
  expect(recorded.reduce((sum, { count }) => sum + count, 0)).toBe(flood * 100)
  const before = recorded.length
  log.add(null, 'token')
  await clock.advanceAsync(10 * SECOND_MS)
  expect(recorded.slice(before)).toEqual([{ tokenName: null, reason: 'token', count: 1 }])
})

test('what could not be recorded is part of the next entry, and nothing is recorded after the end', async () => {
  const { clock, log, recorded, setCanRecord } = world()
  setCanRecord(false)
  log.add('ci', 'rights')
  await clock.advanceAsync(10 * SECOND_MS)
  setCanRecord(true)
  await clock.advanceAsync(HOUR_MS)
  expect(recorded).toEqual([{ tokenName: 'ci', reason: 'rights', count: 1 }])
  log.add('ci', 'rights')
  log.close()
  log.add('ci', 'rights')
  await clock.advanceAsync(2 * HOUR_MS)
  expect(recorded).toHaveLength(1)
})

test('an entry says how many there were, and why', () => {
  const textOf = (
    ...[tokenName, reason, count]: [string | null, RefusedRequests['reason'], number]
  ): string => refusedEntry({ tokenName, reason, count }, 0).text
  expect(textOf(null, 'token', 1)).toBe('The Pods API refused a request without a valid token.')
  expect(textOf('ci', 'rights', 1_234)).toBe(
    'The Pods API refused 1,234 requests of the token “ci”, which may not do this.',
  )
  expect(textOf(null, 'origin', 2)).toContain('refused 2 requests that came from a web page, or by a host')
})
