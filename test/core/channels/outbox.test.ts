import { beforeEach, describe, expect, test } from 'vitest'
import { alertName } from '../../../src/core/alerts/alert-history'
import type { PendingAlert } from '../../../src/core/alerts/alert'
import { fail } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { keptOutboxRecords, type OutboxRecord } from '../../../src/core/channels/outbox/outbox-message'
import type { SendOutcome } from '../../../src/core/channels/outbox/outbox-ports'
import { accepted, alertOf, createOutboxWorld, failure } from '../../harness/channels/outbox-world'
import { flushPromises } from '../../harness/base/fake-clock'
import { channel } from '../../harness/samples/outgoing-alerts'

let world: ReturnType<typeof createOutboxWorld>
beforeEach(() => {
  world = createOutboxWorld()
})

describe('a message', () => {
  test('is on disk before it is sent, and is sent once', async () => {
    world.answer = async () => {
      expect([...world.disk.values()]).toMatchObject([{ state: 'waiting' }])
      return accepted
    }
    world.take(alertOf('a'), alertOf('a'))
    await flushPromises()
    world.take(alertOf('a'))
    await flushPromises()
    expect(world.titles()).toEqual(['a'])
    expect([...world.disk.values()]).toMatchObject([{ state: 'accepted' }])
    expect(world.outbox.acceptedAtMs(alertOf('a').key)).toBe(world.clock.now().wallMs)
    expect(world.outbox.acceptedAtMs(alertOf('b').key)).toBeNull()
  })

  test('that waits survives a restart and goes out once the service takes it', async () => {
    world.answer = async () => failure()
    world.take(alertOf('a', true))
    await flushPromises()
    world.answer = async () => accepted
    world.start()
    await flushPromises()
    expect(world.titles()).toEqual(['a', 'a'])
    world.start()
    await world.clock.advanceAsync(HOUR_MS)
    expect(world.titles()).toEqual(['a', 'a'])
    expect(world.outbox.acceptedAtMs(alertOf('a').key)).not.toBeNull()
  })

  test('is repeated once at most by a crash between its acceptance and its record', async () => {
    world.answer = () => new Promise(() => {})
    world.take(alertOf('a', true), alertOf('b', true))
    await flushPromises()
    world.answer = async () => accepted
    world.start()
    await world.clock.advanceAsync(MINUTE_MS)
    expect(world.titles()).toEqual(['a', 'a', 'b'])
  })

  test('that cannot be written is sent all the same', async () => {
    world.canWrite = () => fail('the disk is full')
    world.take(alertOf('a', true))
    await flushPromises()
    expect(world.titles()).toEqual(['a'])
    expect(world.reports.join()).toContain('the disk is full')
  })

  test('is sent by nobody but the program that acts', async () => {
    world.isActing = false
    world.take(alertOf('a', true))
    await flushPromises()
    expect(world.sent).toEqual([])
  })

  test('that waits gets the newer text of its alert', async () => {
    world.answer = async () => failure()
    world.take(alertOf('a', true, { title: 'stops in 30 min' }))
    await flushPromises()
    world.answer = async () => accepted
    world.take(alertOf('a', true, { title: 'stops in 29 min' }))
    await world.clock.advanceAsync(MINUTE_MS)
    expect(world.titles()).toEqual(['stops in 30 min', 'stops in 29 min'])
  })
})

/** From 14:05 UTC, when the tests begin, for 17 h. */
const overnight = { quietHoursFrom: '14:00', quietHoursTo: '07:00', timeZone: 'UTC', holdsCritical: false }

describe('the order', () => {
  test('is critical alerts first, each alone, and more than three others as one message', async () => {
    world = createOutboxWorld([channel('ntfy')])
    let answer: (outcome: SendOutcome) => void = () => {}
    world.answer = () => new Promise((resolve) => (answer = resolve))
    world.take(alertOf('first'))
    world.answer = async () => accepted
    world.take(
      ...['1', '2', '3', '4'].map((title) => alertOf(title)),
      alertOf('c1', true),
      alertOf('c2', true),
    )
    answer(accepted)
    await world.clock.advanceAsync(MINUTE_MS)
    expect(world.sent.map(({ titles }) => titles)).toEqual([['first'], ['c1'], ['c2'], ['1', '2', '3', '4']])
  })

  test('leaves three alerts each in a message of its own', async () => {
    world = createOutboxWorld([channel('ntfy')])
    world.answer = async () => failure()
    world.take(alertOf('1'), alertOf('2'), alertOf('3'))
    await flushPromises()
    world.answer = async () => accepted
    await world.clock.advanceAsync(MINUTE_MS)
    expect(world.sent.slice(1).map(({ titles }) => titles)).toEqual([['1'], ['2'], ['3']])
  })

  test('collects alerts for as long as a channel is set to, but not critical ones', async () => {
    world = createOutboxWorld([channel('ntfy', { groupMinutes: 10 })])
    world.take(alertOf('1'), alertOf('c', true), alertOf('2'))
    await world.clock.advanceAsync(9 * MINUTE_MS)
    expect(world.sent.map(({ titles }) => titles)).toEqual([['c']])
    await world.clock.advanceAsync(2 * MINUTE_MS)
    expect(world.sent.map(({ titles }) => titles)).toEqual([['c'], ['1', '2']])
  })

  test('holds what exceeds the limit of an hour, but not critical alerts', async () => {
    world = createOutboxWorld([channel('ntfy', { maxPerHour: 2 })])
    for (const title of ['1', '2', '3', '4']) {
      world.take(alertOf(title))
      await world.clock.advanceAsync(MINUTE_MS)
    }
    world.take(alertOf('c', true))
    await world.clock.advanceAsync(MINUTE_MS)
    expect(world.titles()).toEqual(['1', '2', 'c'])
    await world.clock.advanceAsync(HOUR_MS)
    expect(world.titles()).toEqual(['1', '2', 'c', '3', '4'])
  })

  test('waits for the end of quiet hours with what is not critical', async () => {
    const quietHours = {
      quietHoursFrom: '14:00',
      quietHoursTo: '15:00',
      timeZone: 'UTC',
      holdsCritical: false,
    }
    world = createOutboxWorld([channel('ntfy', { quietHours })])
    world.take(alertOf('1'), alertOf('c', true))
    await world.clock.advanceAsync(54 * MINUTE_MS)
    expect(world.titles()).toEqual(['c'])
    await world.clock.advanceAsync(2 * MINUTE_MS)
    expect(world.titles()).toEqual(['c', '1'])
  })

  test('keeps what waits for the morning over a restart, and sends it as one message', async () => {
    world = createOutboxWorld([channel('ntfy', { quietHours: overnight })])
    world.take(...['1', '2', '3', '4'].map((title) => alertOf(title)))
    await world.clock.advanceAsync(6 * HOUR_MS)
    world.start()
    await world.clock.advanceAsync(10 * HOUR_MS + 54 * MINUTE_MS)
    expect(world.sent).toEqual([])
    await world.clock.advanceAsync(2 * MINUTE_MS)
    expect(world.sent.map(({ titles }) => titles)).toEqual([['1', '2', '3', '4']])
  })

  test('tries for an hour what waited for the morning, however long that was', async () => {
    world = createOutboxWorld([channel('ntfy', { quietHours: overnight })])
    world.answer = async () => failure()
    world.take(alertOf('1'), alertOf('critical', true))
    await world.clock.advanceAsync(17 * HOUR_MS)
    world.start()
    await world.clock.advanceAsync(50 * MINUTE_MS)
    expect(world.lost).toEqual([])
    world.answer = async () => accepted
    await world.clock.advanceAsync(15 * MINUTE_MS)
    expect([world.outbox.status('ntfy-1').waitingCount, world.lost]).toEqual([0, []])
  })

  test('gives up the oldest that is not critical when too many wait', async () => {
    world.answer = async () => failure()
    world.take(alertOf('critical', true))
    for (let index = 0; index <= 2_000; index += 1) world.take(alertOf(`alert ${index}`))
    await flushPromises()
    expect(world.lost).toEqual(['alert 0 to Phone', 'alert 1 to Phone'])
  })
})

describe('an alert that ends', () => {
  const names = (...alerts: PendingAlert[]) => new Set(alerts.map(({ key }) => alertName(key)))

  test('is reported as resolved to a webhook, once and after its start, also after a restart', async () => {
    world.take(alertOf('a'))
    await flushPromises()
    world.outbox.onHolding('account-1', names(alertOf('a')))
    world.start()
    world.outbox.onHolding('account-2', names())
    await flushPromises()
    expect(world.titles()).toEqual(['a'])
    world.outbox.onHolding('account-1', names())
    world.outbox.onHolding('account-1', names())
    await flushPromises()
    expect(world.titles()).toEqual(['a', 'end of a'])
  })

  test('is not reported to other services', async () => {
    world = createOutboxWorld([channel('ntfy')])
    world.take(alertOf('a'))
    await flushPromises()
    world.outbox.onHolding('account-1', names())
    await world.clock.advanceAsync(MINUTE_MS)
    expect(world.titles()).toEqual(['a'])
  })

  test('before it was sent is sent as one that no longer applies', async () => {
    world = createOutboxWorld([channel('ntfy')])
    const isOver: boolean[] = []
    world.answer = async ({ alerts }) => {
      isOver.push(...alerts.map((each) => each.isOver))
      return isOver.length === 1 ? failure() : accepted
    }
    world.take(alertOf('a', true))
    await flushPromises()
    world.outbox.onHolding('account-1', names())
    await world.clock.advanceAsync(MINUTE_MS)
    expect(isOver).toEqual([false, true])
  })
})

describe('a channel', () => {
  test('that is removed or switched off gets nothing of what waits', async () => {
    world.answer = async () => failure()
    world.take(alertOf('a', true))
    await flushPromises()
    world.channels = [channel('webhook', { isOn: false })]
    world.outbox.onChannelsChanged()
    world.channels = [channel('webhook')]
    world.outbox.onChannelsChanged()
    await world.clock.advanceAsync(HOUR_MS)
    expect([world.sent.length, world.lost]).toEqual([1, []])
  })

  test('that is switched on again gets a critical alert that still holds, but nothing that it has', async () => {
    world.take(alertOf('accepted', true))
    await flushPromises()
    world.answer = async () => failure()
    world.take(alertOf('a', true))
    await flushPromises()
    world.channels = [channel('webhook', { isOn: false })]
    world.outbox.onChannelsChanged()
    world.take(alertOf('a', true))
    expect(world.outbox.status('webhook-1').waitingCount).toBe(0)
    world.answer = async () => accepted
    world.channels = [channel('webhook')]
    world.outbox.onChannelsChanged()
    world.take(alertOf('accepted', true), alertOf('a', true))
    await world.clock.advanceAsync(HOUR_MS)
    expect(world.titles()).toEqual(['accepted', 'a', 'a'])
  })

  test('whose file can’t be read for a while keeps what waits', async () => {
    world.answer = async () => failure()
    world.take(alertOf('a', true), alertOf('b'))
    await flushPromises()
    const { channels } = world
    Object.assign(world, { channels: [], areChannelsKnown: false })
    world.outbox.onChannelsChanged()
    world.start()
    Object.assign(world, { channels, areChannelsKnown: true })
    world.answer = async () => accepted
    world.outbox.onHolding('account-1', new Set([alertOf('a').key, alertOf('b').key].map(alertName)))
    await world.clock.advanceAsync(MINUTE_MS)
    expect(world.titles()).toEqual(['a', 'a', 'b'])
  })

  test('that was removed while no program ran gets nothing, and nothing waits for it for good', async () => {
    world.answer = async () => failure()
    world.take(alertOf('a', true))
    await flushPromises()
    world.channels = []
    world.start()
    expect([...world.disk.values()]).toMatchObject([{ state: 'dropped' }])
  })

  test('that a person put right is tried at once, but not sooner than its service asks for', async () => {
    world.answer = async () => failure({ isBroken: true })
    world.take(alertOf('a', true))
    await world.clock.advanceAsync(3 * HOUR_MS)
    const before = world.sent.length
    world.outbox.onChannelsChanged()
    await flushPromises()
    expect(world.sent).toHaveLength(before + 1)
    world.answer = async () => failure({ retryAfterMs: 10 * MINUTE_MS })
    world.outbox.onChannelsChanged()
    await flushPromises()
    world.outbox.onChannelsChanged()
    await flushPromises()
    expect(world.sent).toHaveLength(before + 2)
  })

  test('for when the computer is locked gets an alert that still holds once it is locked', async () => {
    world = createOutboxWorld([channel('ntfy', { route: 'locked' })])
    world.take(alertOf('a', true))
    await flushPromises()
    expect(world.sent).toEqual([])
    world.isLocked = true
    world.take(alertOf('a', true))
    await flushPromises()
    expect(world.titles()).toEqual(['a'])
  })
})

describe('records', () => {
  test('that wait are kept for good, and others for as long as they are needed', async () => {
    world = createOutboxWorld([channel('webhook'), channel('ntfy', { name: 'b' })])
    world.take(alertOf('a'))
    await flushPromises()
    const all = [...world.disk.values()]
    const kept = (afterMs: number) => keptOutboxRecords(all, world.clock.now().wallMs + afterMs).length
    expect([kept(0), kept(23 * HOUR_MS), kept(25 * HOUR_MS), kept(8 * 24 * HOUR_MS)]).toEqual([2, 2, 2, 0])
    const waiting = all.map((record) => ({ ...record, state: 'waiting' })) as OutboxRecord[]
    expect(keptOutboxRecords(waiting, world.clock.now().wallMs + 1e12)).toHaveLength(2)
  })
})

test('a program that ends sends nothing more, and records what was answered', async () => {
  let answer: (outcome: SendOutcome) => void = () => {}
  world.answer = () => new Promise((resolve) => (answer = resolve))
  world.take(alertOf('a', true), alertOf('b', true))
  await flushPromises()
  const ended = world.outbox.shutDown()
  answer(accepted)
  await ended
  await world.clock.advanceAsync(MINUTE_MS)
  expect(world.titles()).toEqual(['a'])
  expect([...world.disk.values()]).toMatchObject([{ state: 'accepted' }, { state: 'waiting' }])
})
