import { beforeEach, describe, expect, test } from 'vitest'
import { alertName } from '../../../src/core/alerts/alert-history'
import type { PendingAlert } from '../../../src/core/alerts/alert'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time'
import type { Channel } from '../../../src/core/channels/channel'
import type { MessageBatch } from '../../../src/core/channels/messages/message-content'
import { createOutbox } from '../../../src/core/channels/outbox/outbox'
import {
  keptOutboxRecords,
  type OutboxRecord,
  parseOutboxRecord,
} from '../../../src/core/channels/outbox/outbox-message'
import type { SendOutcome } from '../../../src/core/channels/outbox/outbox-ports'
import { createFakeClock, flushPromises } from '../../harness/clock'
import { channel } from '../../harness/outgoing-alerts'
import { pendingAlert } from '../../harness/pending-alerts'

const account = { label: () => null, isRunpod: true }
const accepted: SendOutcome = { kind: 'accepted', answer: 'ok.' }
const failure = (over: Partial<Extract<SendOutcome, { kind: 'failed' }>> = {}): SendOutcome => ({
  kind: 'failed',
  answer: 'No network.',
  isBroken: false,
  retryAfterMs: null,
  ...over,
})

/** A program with an outbox, which can be killed: what is in `disk` stays. */
function createWorld(channels: Channel[] = [channel('webhook')]) {
  const clock = createFakeClock()
  const world = {
    clock,
    channels,
    areChannelsKnown: true,
    disk: new Map<string, OutboxRecord>(),
    canWrite: (): Result<void, string> => ok(undefined),
    answer: async (_batch: MessageBatch, _channelId: string): Promise<SendOutcome> => accepted,
    sent: [] as { channelId: string; titles: string[]; isPlain: boolean; atMs: number }[],
    lost: [] as string[],
    reports: [] as string[],
    isLocked: false as boolean | null,
    mayStopUnwarned: false,
    isActing: true,
    outbox: null as unknown as ReturnType<typeof createOutbox>,
    start() {
      void world.outbox?.shutDown()
      const run = world.outbox === null ? 'run-1' : `run-${Math.random()}`
      if (world.outbox !== null) clock.restart(run)
      world.outbox = createOutbox({
        clock,
        random: () => 0,
        journal: {
          record(record) {
            const written = world.canWrite()
            if (written.ok) world.disk.set(record.id, JSON.parse(JSON.stringify(record)))
            return written
          },
          latest: () =>
            keptOutboxRecords(
              [...world.disk.values()].map((record) => parseOutboxRecord(record)!),
              clock.now().wallMs,
            ),
        },
        channels: () => world.channels,
        areChannelsKnown: () => world.areChannelsKnown,
        send(to, batch) {
          world.sent.push({
            channelId: to.id,
            titles: batch.alerts.map(({ alert, resolvedAtMs }) =>
              resolvedAtMs === null ? alert.title : `end of ${alert.title}`,
            ),
            isPlain: batch.isPlain,
            atMs: clock.now().wallMs,
          })
          return world.answer(batch, to.id)
        },
        routing: () => ({ isLocked: world.isLocked, mayStopUnwarned: world.mayStopUnwarned }),
        mayAct: () => world.isActing,
        onLost: ({ alert }, name) => world.lost.push(`${alert.title} to ${name}`),
        onChange: () => {},
        report: (what, cause) => world.reports.push(`${what}: ${String(cause)}`),
      })
      world.outbox.takeOver()
    },
    take: (...alerts: PendingAlert[]) => alerts.forEach((alert) => world.outbox.take(alert, account)),
    titles: () => world.sent.flatMap(({ titles }) => titles),
  }
  world.start()
  return world
}

const alertOf = (title: string, isCritical = false, over: Partial<PendingAlert> = {}) =>
  pendingAlert({ episode: title, podId: title }, { title, isCritical, ...over })

let world: ReturnType<typeof createWorld>
beforeEach(() => {
  world = createWorld()
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

  test('that rejects everything loses what is not critical, and goes on with what is', async () => {
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

describe('the order', () => {
  test('is critical alerts first, each alone, and more than three others as one message', async () => {
    world = createWorld([channel('ntfy')])
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
    world = createWorld([channel('ntfy')])
    world.answer = async () => failure()
    world.take(alertOf('1'), alertOf('2'), alertOf('3'))
    await flushPromises()
    world.answer = async () => accepted
    await world.clock.advanceAsync(MINUTE_MS)
    expect(world.sent.slice(1).map(({ titles }) => titles)).toEqual([['1'], ['2'], ['3']])
  })

  test('collects alerts for as long as a channel is set to, but not critical ones', async () => {
    world = createWorld([channel('ntfy', { groupMinutes: 10 })])
    world.take(alertOf('1'), alertOf('c', true), alertOf('2'))
    await world.clock.advanceAsync(9 * MINUTE_MS)
    expect(world.sent.map(({ titles }) => titles)).toEqual([['c']])
    await world.clock.advanceAsync(2 * MINUTE_MS)
    expect(world.sent.map(({ titles }) => titles)).toEqual([['c'], ['1', '2']])
  })

  test('holds what exceeds the limit of an hour, but not critical alerts', async () => {
    world = createWorld([channel('ntfy', { maxPerHour: 2 })])
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
    world = createWorld([channel('ntfy', { quietHours })])
    world.take(alertOf('1'), alertOf('c', true))
    await world.clock.advanceAsync(54 * MINUTE_MS)
    expect(world.titles()).toEqual(['c'])
    await world.clock.advanceAsync(2 * MINUTE_MS)
    expect(world.titles()).toEqual(['c', '1'])
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
    world = createWorld([channel('ntfy')])
    world.take(alertOf('a'))
    await flushPromises()
    world.outbox.onHolding('account-1', names())
    await world.clock.advanceAsync(MINUTE_MS)
    expect(world.titles()).toEqual(['a'])
  })

  test('before it was sent is sent as one that no longer applies', async () => {
    world = createWorld([channel('ntfy')])
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
    world.outbox.onChannelsChanged()
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
    world = createWorld([channel('ntfy', { route: 'locked' })])
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
    world = createWorld([channel('webhook'), channel('ntfy', { name: 'b' })])
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
