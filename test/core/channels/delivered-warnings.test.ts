import { describe, expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import type { Channel } from '../../../src/core/channels/channel'
import { createOutbox } from '../../../src/core/channels/outbox/outbox'
import type { SendOutcome } from '../../../src/core/channels/outbox/outbox-ports'
import { createFakeClock } from '../../harness/base/fake-clock'
import { actionsSentBy, oneHourAutoStop, startGuardedMonitor } from '../../harness/guard/guarded-monitor'
import { channel } from '../../harness/samples/outgoing-alerts'

/** A monitor of a quiet pod on a server: no notification ever appears, and alerts go to one channel. */
async function startHeadless(options: { channel?: Partial<Channel>; mayStopUnheard?: boolean } = {}) {
  const clock = createFakeClock()
  const mayStopUnheard = options.mayStopUnheard ?? false
  const world = {
    answer: { kind: 'accepted', answer: 'ok.' } as SendOutcome,
    titles: [] as string[],
    /** The warnings that were said to be over when they were accepted. */
    over: [] as string[],
  }
  const outbox = createOutbox({
    clock,
    random: () => 0,
    journal: { record: () => ok(undefined), latest: () => [] },
    channels: () => [channel('ntfy', options.channel)],
    areChannelsKnown: () => true,
    async send(_, { alerts }) {
      if (world.answer.kind === 'accepted') {
        world.titles.push(...alerts.map(({ alert }) => alert.title))
        world.over.push(...alerts.filter(({ isOver }) => isOver).map(({ alert }) => alert.title))
      }
      return world.answer
    },
    computer: () => null,
    routing: () => ({ isLocked: null, mayStopUnwarned: mayStopUnheard }),
    mayAct: () => true,
    onLost() {},
    onChange() {},
    report() {},
  })
  const account = { label: () => null, isRunpod: true }
  const rig = await startGuardedMonitor({
    clock,
    settings: { ...oneHourAutoStop, mayStopUnheard },
    outlet: {
      take: (alert) => outbox.take(alert, account),
      acceptedAtMs: outbox.acceptedAtMs,
      onHolding: (names) => outbox.onHolding('account-1', names),
    },
  })
  rig.system.delivery = 'failed'
  return { ...rig, world }
}

const noNetwork: SendOutcome = { kind: 'failed', answer: 'No network.', isBroken: false, retryAfterMs: null }
const stopTitles = (titles: readonly string[]): string[] =>
  titles.filter((title) => title.includes('will be stopped'))

/** From 14:05 UTC, when the tests begin. */
const untilFive = { quietHoursFrom: '14:00', quietHoursTo: '17:00', timeZone: 'UTC', holdsCritical: true }

describe('on a server without a desktop, a pod', () => {
  test('is stopped once a channel accepted both warnings', async () => {
    const rig = await startHeadless()
    await rig.clock.advanceAsync(HOUR_MS - MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(stopTitles(rig.world.titles)).toEqual([
      'trainer will be stopped in 30 min',
      'trainer will be stopped in 5 min',
    ])
    await rig.clock.advanceAsync(5 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('is not stopped while the channel takes nothing, and is warned in full once it does', async () => {
    const rig = await startHeadless()
    rig.world.answer = noNetwork
    await rig.clock.advanceAsync(3 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
    rig.world.answer = { kind: 'accepted', answer: 'ok.' }
    await rig.clock.advanceAsync(29 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    await rig.clock.advanceAsync(30 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('whose warnings were given up is warned anew once the channel takes something again', async () => {
    const rig = await startHeadless()
    rig.world.answer = noNetwork
    await rig.clock.advanceAsync(26 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
    rig.world.answer = { kind: 'accepted', answer: 'ok.' }
    await rig.clock.advanceAsync(HOUR_MS + 15 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('is not stopped where no channel gets its warnings', async () => {
    const rig = await startHeadless({ channel: { kindRoutes: { 'auto-stop-soon': 'never' } } })
    await rig.clock.advanceAsync(5 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
  })

  test('whose warnings wait for the end of quiet hours waits with them', async () => {
    const rig = await startHeadless({ channel: { quietHours: untilFive } })
    await rig.clock.advanceAsync(2 * HOUR_MS + 54 * MINUTE_MS)
    expect([actionsSentBy(rig), rig.world.titles]).toEqual([[], []])
    await rig.clock.advanceAsync(HOUR_MS)
    expect(stopTitles(rig.world.titles)).toHaveLength(2)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('is warned in quiet hours, too, where it would be stopped without a warning', async () => {
    const rig = await startHeadless({ channel: { quietHours: untilFive }, mayStopUnheard: true })
    await rig.clock.advanceAsync(HOUR_MS + 3 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
    expect(stopTitles(rig.world.titles)).toHaveLength(2)
  })
})

describe('a warning that a channel takes late', () => {
  /** The channel takes nothing for three minutes, in which the first warning is due. */
  async function startWithGap() {
    const rig = await startHeadless()
    await rig.clock.advanceAsync(29 * MINUTE_MS)
    rig.world.answer = noNetwork
    await rig.clock.advanceAsync(3 * MINUTE_MS)
    expect(stopTitles(rig.world.titles)).toEqual([])
    const goOn = async (): Promise<void> => {
      rig.world.answer = { kind: 'accepted', answer: 'ok.' }
      await rig.clock.advanceAsync(5 * MINUTE_MS)
      expect(stopTitles(rig.world.titles)).toHaveLength(1)
    }
    return { rig, goOn }
  }

  test('is not reported as over while the stop is planned, although the screen showed it', async () => {
    const { rig, goOn } = await startWithGap()
    rig.system.delivery = 'shown'
    await rig.clock.advanceAsync(2 * MINUTE_MS)
    await goOn()
    expect(rig.world.over).toEqual([])
  })

  test('is not reported as over while missing data holds the stop', async () => {
    const { rig, goOn } = await startWithGap()
    rig.provider.pods = rig.provider.pods.map((one) => ({ ...one, isLocked: null }))
    await rig.clock.advanceAsync(MINUTE_MS)
    await goOn()
    expect(rig.world.over).toEqual([])
  })

  test('is reported as over once the stop is no longer planned', async () => {
    const { rig, goOn } = await startWithGap()
    rig.monitor.keepOn('pod-1', 'until-told')
    await rig.clock.advanceAsync(MINUTE_MS)
    await goOn()
    expect(rig.world.over).toEqual(['trainer will be stopped in 30 min'])
  })
})
