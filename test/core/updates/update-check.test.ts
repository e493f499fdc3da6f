import { expect, test } from 'vitest'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { createUpdateCheck, type UpdateState } from '../../../src/core/updates/update-check'
import type { SeenFeed } from '../../../src/core/updates/release-feed'
import { createFakeClock } from '../../harness/base/fake-clock'
import { feedOf, SIGNED_AT } from '../../harness/updates/releases'

/** What is verified is tested with the feed. */
const signed = (feed: string) => JSON.stringify({ feed, signature: `${'A'.repeat(86)}==` })
const feed = (...versions: readonly string[]) => ok(signed(feedOf('2027-01-01T00:00:00Z', ...versions)))

function newCheck({ hasKey = true } = {}) {
  const clock = createFakeClock()
  const world = {
    isDaily: true,
    isDemo: false,
    answer: feed('0.1.0') as Result<string, string>,
    requests: 0,
    seen: null as SeenFeed | null,
  }
  const states: UpdateState[] = []
  const updates = createUpdateCheck({
    clock,
    version: '0.1.0',
    isSigned: hasKey ? () => true : null,
    isDaily: () => world.isDaily,
    isDemo: () => world.isDemo,
    async fetchFeed() {
      world.requests += 1
      return world.answer
    },
    loadSeen: () => world.seen,
    onSeen: (seen) => (world.seen = seen),
    onChange: (state) => states.push(state),
  })
  updates.start()
  return { clock, world, updates, states }
}

test('a newer release is looked for a minute after the start, and then once a day', async () => {
  const { clock, world, updates } = newCheck()
  expect(world.requests).toBe(0)
  await clock.advanceAsync(MINUTE_MS)
  expect(world.requests).toBe(1)
  expect(updates.state()).toMatchObject({ checkedAtMs: clock.now().wallMs, newer: null, problem: null })
  await clock.advanceAsync(23 * HOUR_MS)
  expect(world.requests).toBe(1)
  world.answer = feed('0.1.0', '0.2.0')
  await clock.advanceAsync(HOUR_MS + 10 * MINUTE_MS)
  expect(world.requests).toBe(2)
  expect(updates.state().newer?.version).toBe('0.2.0')
  await clock.advanceAsync(3 * DAY_MS)
  expect(world.requests).toBe(5)
})

test('after a night in which the monotonic clock stood still it is looked for again', async () => {
  const { clock, world } = newCheck()
  await clock.advanceAsync(MINUTE_MS)
  clock.shiftWallClock(DAY_MS)
  await clock.advanceAsync(10 * MINUTE_MS)
  expect(world.requests).toBe(2)
})

test('a check that fails says why, keeps what is known, and is repeated after an hour', async () => {
  const { clock, world, updates } = newCheck()
  world.answer = feed('0.2.0')
  await clock.advanceAsync(MINUTE_MS)
  world.answer = fail('releases.example did not answer in time.')
  await clock.advanceAsync(DAY_MS + 10 * MINUTE_MS)
  expect(world.requests).toBe(2)
  expect(updates.state()).toMatchObject({ problem: 'releases.example did not answer in time.' })
  expect(updates.state().newer?.version).toBe('0.2.0')
  world.answer = feed('0.2.0')
  await clock.advanceAsync(HOUR_MS)
  expect(world.requests).toBe(3)
  expect(updates.state().problem).toBeNull()
})

test('the newest feed is remembered across runs, and an older one that still counts takes nothing back', async () => {
  const { world, updates } = newCheck()
  world.answer = feed('0.2.0')
  await updates.check()
  expect(world.seen).toEqual({ signedAtMs: Date.parse(SIGNED_AT), version: '0.2.0' })
  const again = newCheck()
  again.world.seen = { signedAtMs: Date.parse(SIGNED_AT) + 1, version: '0.3.0' }
  again.world.answer = feed('0.2.0')
  await again.updates.check()
  expect(again.updates.state()).toMatchObject({
    newer: null,
    problem: 'The list of releases is older than one read before, so it was ignored.',
  })
  expect(again.world.seen.version).toBe('0.3.0')
})

test('a release is no longer offered once the feed that named it has expired', async () => {
  const { clock, world, updates } = newCheck()
  world.answer = feed('0.2.0')
  await updates.check()
  expect(updates.state().newer?.version).toBe('0.2.0')
  world.isDaily = false
  clock.shiftWallClock(Date.parse('2027-01-01T00:00:00Z') - clock.now().wallMs)
  expect(updates.state().newer).toBeNull()
})

test.each([
  ['{}', 'The list of releases can’t be read.'],
  [
    signed(feedOf('2026-11-24T00:00:00Z', '0.2.0')),
    'The list of releases has expired, so it was ignored. Check this computer’s clock.',
  ],
])('a feed that is refused offers nothing and says why: %s', async (text, problem) => {
  const { world, updates } = newCheck()
  world.answer = ok(text)
  await updates.check()
  expect(updates.state()).toMatchObject({ problem, newer: null, checkedAtMs: null })
})

test('switched off, nothing is looked for but on request', async () => {
  const { clock, world, updates } = newCheck()
  world.isDaily = false
  await clock.advanceAsync(3 * DAY_MS)
  expect(world.requests).toBe(0)
  await updates.check()
  expect(world.requests).toBe(1)
  world.isDaily = true
  await clock.advanceAsync(DAY_MS + 10 * MINUTE_MS)
  expect(world.requests).toBe(2)
})

test('in the demo nothing is looked for, not even on request, and afterwards it is', async () => {
  const { clock, world, updates } = newCheck()
  world.isDemo = true
  await clock.advanceAsync(DAY_MS)
  await updates.check()
  expect(world.requests).toBe(0)
  expect(updates.state().unavailable).toBe('demo')
  world.isDemo = false
  await clock.advanceAsync(10 * MINUTE_MS)
  expect(world.requests).toBe(1)
})

test('a build without a key looks for nothing and says so', async () => {
  const { clock, world, updates } = newCheck({ hasKey: false })
  await clock.advanceAsync(3 * DAY_MS)
  await updates.check()
  expect(world.requests).toBe(0)
  expect(updates.state().unavailable).toBe('no-key')
})

test('two checks at a time are one request, and each end is announced', async () => {
  const { world, updates, states } = newCheck()
  await Promise.all([updates.check(), updates.check()])
  expect(world.requests).toBe(1)
  expect(states.map(({ isChecking }) => isChecking)).toEqual([true, false])
})

test('after its end nothing is looked for', async () => {
  const { clock, world, updates } = newCheck()
  updates.dispose()
  await clock.advanceAsync(3 * DAY_MS)
  expect(world.requests).toBe(0)
})
