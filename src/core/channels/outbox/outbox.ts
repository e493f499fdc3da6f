import type { AlertKey, PendingAlert } from '../../alerts/alert'
import { alertName } from '../../alerts/alert-history'
import { errorText } from '../../base/text/error-text'
import type { AccountId } from '../../pods/pod'
import type { Channel } from '../channel'
import { createLane, type Lane } from './lane'
import { keptOutboxRecords, messageId, type MessageState, type OutboxMessage } from './outbox-message'
import type { ChannelStatus, OutboxOptions } from './outbox-ports'
import { type AlertAccount, toOutgoingAlert } from '../messages/outgoing-alert'
import { isRouted } from '../routing'

/**
 * The alerts on their way to all channels. A message is on disk before it is sent, and is sent until it is accepted or
 * too old. A crash between an acceptance and its record repeats one message of each channel at most. See
 * docs/product-rules.md#142-phone-and-chat.
 */
export interface Outbox {
  /**
   * Takes an alert for the channels that it is routed to. One that waits gets the newer text, one that was accepted
   * stays, and one that was given up or dropped is tried anew.
   */
  readonly take: (alert: PendingAlert, account: AlertAccount) => void
  /** When a channel accepted this alert, Unix ms; null: none did. */
  readonly acceptedAtMs: (key: AlertKey) => number | null
  /** All alerts of the account that hold now, by `alertName`. */
  readonly onHolding: (accountId: AccountId, names: ReadonlySet<string>) => void
  readonly status: (channelId: string) => ChannelStatus
  /** This program may act from now on, and goes on with what others left. */
  readonly takeOver: () => void
  /** Channels were changed. */
  readonly onChannelsChanged: () => void
  /** The network may be back: tries again now what failed, except where a service asked for a pause. */
  readonly wake: () => void
  /** Sends nothing more. Resolves once what was sent is answered and recorded. */
  readonly shutDown: () => Promise<void>
}

/** Beyond this, the oldest that are not critical are given up. */
export const MAX_WAITING = 2_000

export function createOutbox(options: OutboxOptions): Outbox {
  const { clock, journal } = options
  const messages = new Map<string, OutboxMessage>()
  const lanes = new Map<string, Lane>()
  /** Messages that wait, by channel, oldest first. */
  const waitingOf = new Map<string, Map<string, OutboxMessage>>()
  const acceptedAtMs = new Map<string, number>()
  /** Alerts that ended before they were sent. */
  const endedNames = new Set<string>()
  let isDisposed = false

  const channelOf = (channelId: string): Channel | undefined =>
    options.channels().find(({ id }) => id === channelId)

  function waiting(channelId: string): Map<string, OutboxMessage> {
    const known = waitingOf.get(channelId) ?? new Map<string, OutboxMessage>()
    waitingOf.set(channelId, known)
    return known
  }

  /** Keeps it in memory. */
  function put(message: OutboxMessage): void {
    messages.set(message.id, message)
    if (message.state === 'waiting') waiting(message.channelId).set(message.id, message)
    else waiting(message.channelId).delete(message.id)
    const name = alertName(message.alert)
    if (message.state === 'accepted' && !message.isResolved && !acceptedAtMs.has(name))
      acceptedAtMs.set(name, message.stateAt.wallMs)
  }

  /** A message that can't be written is sent all the same: a crash may then lose or repeat it. */
  function save(message: OutboxMessage): void {
    put(message)
    const written = journal.record(message)
    if (!written.ok) options.report('A message to a channel could not be saved', written.error)
  }

  function finish(message: OutboxMessage, state: MessageState, failure: string | null): void {
    const done: OutboxMessage = { ...message, state, stateAt: clock.now(), failure }
    save(done)
    if (state === 'refused' || state === 'expired')
      options.onLost(done, channelOf(message.channelId)?.name ?? 'a removed channel')
  }

  function laneOf(channelId: string): Lane {
    const known = lanes.get(channelId)
    if (known !== undefined) return known
    const lane = createLane(channelId, {
      ...options,
      channel: () => channelOf(channelId),
      waiting: () => [...waiting(channelId).values()],
      isOver: (message) => endedNames.has(alertName(message.alert)),
      mayAct: () => !isDisposed && options.mayAct(),
      update: save,
      finish,
      savePause(untilMs) {
        const pause = { kind: 'pause', id: `pause ${channelId}`, channelId, untilMs } as const
        const written = journal.record(pause)
        if (!written.ok) options.report('The pause of a channel could not be saved', written.error)
      },
    })
    lanes.set(channelId, lane)
    return lane
  }

  function runAll(): void {
    for (const channelId of waitingOf.keys()) laneOf(channelId).run()
  }

  /** Drops what waits for channels that are off or gone. While their file can't be read, none is known to be gone. */
  function dropUnwanted(): void {
    for (const [channelId, queue] of waitingOf) {
      const channel = channelOf(channelId)
      const isWanted = channel === undefined ? !options.areChannelsKnown() : channel.isOn
      if (isWanted) continue
      for (const message of queue.values()) finish(message, 'dropped', null)
    }
  }

  function add(channel: Channel, message: OutboxMessage): void {
    save(message)
    const queue = waiting(channel.id)
    if (queue.size > MAX_WAITING) {
      const oldest = [...queue.values()].find(({ alert }) => !alert.isCritical)
      if (oldest !== undefined) finish(oldest, 'expired', 'Too many alerts were waiting.')
    }
    laneOf(channel.id).run()
  }

  function newMessage(channel: Channel, alert: OutboxMessage['alert'], isResolved: boolean): OutboxMessage {
    return {
      kind: 'message',
      id: messageId(channel.id, alert, isResolved),
      channelId: channel.id,
      alert,
      isResolved,
      state: 'waiting',
      stateAt: clock.now(),
      failure: null,
    }
  }

  /** What is no longer needed leaves the memory as it leaves the file. */
  function forgetOld(): void {
    const kept = new Set(keptOutboxRecords([...messages.values()], clock.now().wallMs).map(({ id }) => id))
    for (const [id, { alert }] of messages) {
      if (kept.has(id)) continue
      messages.delete(id)
      acceptedAtMs.delete(alertName(alert))
    }
  }

  function onHolding(accountId: AccountId, names: ReadonlySet<string>): void {
    forgetOld()
    for (const message of messages.values()) {
      if (message.alert.accountId !== accountId || message.isResolved) continue
      const name = alertName(message.alert)
      if (names.has(name)) {
        endedNames.delete(name)
        continue
      }
      if (message.state === 'waiting') endedNames.add(name)
      else endedNames.delete(name)
      const channel = channelOf(message.channelId)
      const isSent = message.state === 'waiting' || message.state === 'accepted'
      if (channel?.kind !== 'webhook' || !isSent) continue
      const end = newMessage(channel, message.alert, true)
      if (!messages.has(end.id)) add(channel, end)
    }
  }

  return {
    take(alert, account) {
      if (!options.mayAct()) return
      const routing = options.routing()
      let outgoing: OutboxMessage['alert'] | null = null
      for (const channel of options.channels()) {
        const known = messages.get(messageId(channel.id, alert.key, false))
        if (known?.state === 'accepted') continue
        if (known?.state !== 'waiting' && !isRouted(channel, alert, routing)) continue
        outgoing ??= toOutgoingAlert(alert, account, options.computer(), clock.now())
        if (known?.state === 'waiting')
          put({ ...known, alert: { ...outgoing, createdAt: known.alert.createdAt } })
        else add(channel, newMessage(channel, outgoing, false))
      }
    },
    acceptedAtMs: (key) => acceptedAtMs.get(alertName(key)) ?? null,
    onHolding(accountId, names) {
      if (!options.mayAct()) return
      onHolding(accountId, names)
      // A channel that could not be read may be there again.
      runAll()
    },
    status(channelId) {
      const own = [...messages.values()].filter((message) => message.channelId === channelId)
      const accepted = own.filter(({ state }) => state === 'accepted')
      return {
        ...laneOf(channelId).status(),
        waitingCount: waiting(channelId).size,
        lastAcceptedAtMs:
          accepted.length === 0 ? null : Math.max(...accepted.map(({ stateAt }) => stateAt.wallMs)),
        lostCount: own.filter(({ state }) => state === 'refused' || state === 'expired').length,
      }
    },
    takeOver() {
      try {
        for (const record of journal.latest()) {
          if (record.kind === 'message') put(record)
          else laneOf(record.channelId).restorePause(record.untilMs)
        }
      } catch (cause) {
        options.report(`The messages of channels could not be read: ${errorText(cause)}`)
      }
      if (!options.mayAct()) return
      dropUnwanted()
      runAll()
    },
    onChannelsChanged() {
      if (!options.mayAct()) return
      dropUnwanted()
      // What was broken may have been put right.
      for (const channelId of waitingOf.keys()) laneOf(channelId).wake()
    },
    wake() {
      for (const lane of lanes.values()) lane.wake()
    },
    async shutDown() {
      isDisposed = true
      await Promise.all([...lanes.values()].map((lane) => lane.shutDown()))
    },
  }
}
