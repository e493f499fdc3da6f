import { ok, type Result } from '../../../src/core/base/result'
import type { PendingAlert } from '../../../src/core/alerts/alert'
import type { Channel } from '../../../src/core/channels/channel'
import type { MessageBatch } from '../../../src/core/channels/messages/message-content'
import { createOutbox } from '../../../src/core/channels/outbox/outbox'
import {
  keptOutboxRecords,
  type OutboxRecord,
  parseOutboxRecord,
} from '../../../src/core/channels/outbox/outbox-message'
import type { SendOutcome } from '../../../src/core/channels/outbox/outbox-ports'
import { createFakeClock } from '../base/fake-clock'
import { channel } from '../samples/outgoing-alerts'
import { pendingAlert } from '../samples/pending-alerts'

const account = { label: () => null, isRunpod: true }
export const accepted: SendOutcome = { kind: 'accepted', answer: 'ok.' }
export const failure = (over: Partial<Extract<SendOutcome, { kind: 'failed' }>> = {}): SendOutcome => ({
  kind: 'failed',
  answer: 'No network.',
  isBroken: false,
  retryAfterMs: null,
  ...over,
})

/** A program with an outbox, which can be killed: what is in `disk` stays. */
export function createOutboxWorld(channels: Channel[] = [channel('webhook')]) {
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
        computer: () => null,
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

export const alertOf = (title: string, isCritical = false, over: Partial<PendingAlert> = {}) =>
  pendingAlert({ episode: title, podId: title }, { title, isCritical, ...over })
