import { beforeEach, describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { accepted, alertOf, createOutboxWorld, failure } from '../../harness/channels/outbox-world'
import { flushPromises } from '../../harness/base/fake-clock'
import { channel } from '../../harness/samples/outgoing-alerts'

let world: ReturnType<typeof createOutboxWorld>
beforeEach(() => {
  world = createOutboxWorld()
})

describe('a service that fails', () => {
  test('is tried again after 5 s, 10 s, 20 s … 15 min', async () => {
    world.answer = async () => failure()
    world.take(alertOf('a', true))
    await world.clock.advanceAsync(3 * HOUR_MS)
    const pauses = world.sent.slice(1).map(({ atMs }, index) => (atMs - world.sent[index]!.atMs) / SECOND_MS)
    expect(pauses.slice(0, 10)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900])
    expect(world.outbox.status('webhook-1')).toMatchObject({ waitingCount: 1, failure: 'No network.' })
  })

  test('is left alone for as long as it asks, also after a restart', async () => {
    world.answer = async () => failure({ retryAfterMs: 10 * MINUTE_MS })
    world.take(alertOf('a', true))
    await flushPromises()
    world.outbox.wake()
    world.start()
    await world.clock.advanceAsync(9 * MINUTE_MS)
    expect(world.sent).toHaveLength(1)
    world.answer = async () => accepted
    await world.clock.advanceAsync(2 * MINUTE_MS)
    expect(world.sent).toHaveLength(2)
  })

  test('is tried at once when the network is back', async () => {
    world.answer = async () => failure()
    world.take(alertOf('a', true))
    await world.clock.advanceAsync(HOUR_MS)
    const before = world.sent.length
    world.answer = async () => accepted
    world.outbox.wake()
    await flushPromises()
    expect(world.sent).toHaveLength(before + 1)
    expect(world.outbox.status('webhook-1')).toMatchObject({ failure: null, waitingCount: 0 })
  })

  test('keeps no other channel waiting', async () => {
    world.channels = [channel('webhook'), channel('slack', { name: 'Team' })]
    world.answer = async (_, channelId) => (channelId === 'slack-1' ? accepted : failure())
    world.take(alertOf('a', true), alertOf('b', true))
    await world.clock.advanceAsync(10 * SECOND_MS)
    expect(world.sent.filter(({ channelId }) => channelId === 'slack-1')).toHaveLength(2)
  })

  test('that fails for some minutes after this computer woke loses nothing that waited', async () => {
    world.answer = async () => failure()
    world.take(alertOf('a'))
    await world.clock.advanceAsync(11.5 * HOUR_MS)
    world.outbox.wake()
    await world.clock.advanceAsync(50 * MINUTE_MS)
    expect(world.lost).toEqual([])
    world.answer = async () => accepted
    await world.clock.advanceAsync(15 * MINUTE_MS)
    expect([world.outbox.status('webhook-1').waitingCount, world.lost]).toEqual([0, []])
  })

  test('loses an alert only after a day, or 12 h if it is not critical, and says so', async () => {
    world.answer = async () => failure()
    world.take(alertOf('critical', true), alertOf('other'))
    await world.clock.advanceAsync(12 * HOUR_MS - MINUTE_MS)
    expect(world.lost).toEqual([])
    await world.clock.advanceAsync(HOUR_MS)
    expect(world.lost).toEqual(['other to Phone'])
    await world.clock.advanceAsync(12 * HOUR_MS)
    expect(world.lost).toEqual(['other to Phone', 'critical to Phone'])
    expect(world.outbox.status('webhook-1')).toMatchObject({ waitingCount: 0, lostCount: 2 })
  })

  test('does not lose an alert because the clock was set ahead', async () => {
    world.answer = async () => failure()
    world.take(alertOf('a', true))
    await flushPromises()
    world.clock.shiftWallClock(48 * HOUR_MS)
    await world.clock.advanceAsync(MINUTE_MS)
    world.answer = async () => accepted
    await world.clock.advanceAsync(HOUR_MS)
    expect([world.lost, world.outbox.status('webhook-1').waitingCount]).toEqual([[], 0])
  })

  test('that rejects a message gets it once more with letters only', async () => {
    world.answer = async ({ isPlain }) => (isPlain ? accepted : { kind: 'rejected', answer: 'Bad.' })
    world.take(alertOf('a', true))
    await world.clock.advanceAsync(10 * SECOND_MS)
    expect(world.sent.map(({ isPlain }) => isPlain)).toEqual([false, true])
  })

  test('that rejects one critical alert for good still gets the others', async () => {
    world.answer = async ({ alerts }) =>
      alerts.some(({ alert }) => alert.title === 'odd') ? { kind: 'rejected', answer: 'Bad.' } : accepted
    world.take(alertOf('odd', true), alertOf('a', true))
    await world.clock.advanceAsync(MINUTE_MS)
    expect(world.outbox.acceptedAtMs(alertOf('a', true).key)).not.toBeNull()
    expect(world.outbox.status('webhook-1')).toMatchObject({ waitingCount: 1 })
  })

  test('that rejects one critical alert for good gets all later ones, critical ones at once', async () => {
    world.answer = async ({ alerts }) =>
      alerts.some(({ alert }) => alert.title === 'odd') ? { kind: 'rejected', answer: 'Bad.' } : accepted
    world.take(alertOf('odd', true))
    await world.clock.advanceAsync(6 * HOUR_MS)
    const tries = world.sent.length
    world.take(alertOf('a', true), alertOf('b'))
    await world.clock.advanceAsync(SECOND_MS)
    expect(world.titles().slice(tries, tries + 2)).toEqual(['a', 'b'])
    await world.clock.advanceAsync(6 * HOUR_MS)
    world.take(alertOf('c'))
    await world.clock.advanceAsync(HOUR_MS + 10 * MINUTE_MS)
    expect(world.titles()).toContain('c')
    await world.clock.advanceAsync(12 * HOUR_MS)
    expect(world.lost).toEqual(['odd to Phone'])
  })

  test('that rejects everything loses what is not critical, and continues with what is', async () => {
    world.answer = async () => ({ kind: 'rejected', answer: 'Bad.' })
    world.take(alertOf('other'), alertOf('critical', true))
    await world.clock.advanceAsync(2 * HOUR_MS)
    expect(world.lost).toEqual([])
    world.answer = async ({ alerts }) =>
      alerts.some(({ alert }) => alert.isCritical) ? accepted : { kind: 'rejected', answer: 'Bad.' }
    await world.clock.advanceAsync(4 * HOUR_MS)
    expect(world.lost).toEqual(['other to Phone'])
    expect(world.outbox.acceptedAtMs(alertOf('critical').key)).not.toBeNull()
  })
})
