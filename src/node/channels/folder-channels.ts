import type { AlertOutlet } from '../../core/alerts/alert'
import type { AuditEntry } from '../../core/audit-log/audit-log'
import { fail, ok, type Result } from '../../core/base/result'
import { type Channel, isUnpaired } from '../../core/channels/channel'
import { channelGone } from '../../core/channels/channel-changes'
import type { MessageBatch } from '../../core/channels/messages/message-content'
import { lostEntry, testAlertOf } from '../../core/channels/outbox/channel-text'
import type { AlertAccount } from '../../core/channels/messages/outgoing-alert'
import type { ChannelsView, OutboxOptions, SendOutcome } from '../../core/channels/outbox/outbox-ports'
import { createOutbox } from '../../core/channels/outbox/outbox'
import { pairingText } from '../../core/phone/pairing-text'
import type { AccountId } from '../../core/pods/pod'
import type { ChannelAddress, ChannelStore } from './channel-store'
import { createFolderPhones, type FolderPhonesOptions } from './folder-phones'

/** Sends to an address that a person entered. Never rejects. */
export type SendToAddress = (
  channel: Pick<Channel, 'kind' | 'name'>,
  address: ChannelAddress,
  batch: MessageBatch,
) => Promise<SendOutcome>

export interface FolderChannelsOptions extends Omit<
  OutboxOptions,
  'channels' | 'areChannelsKnown' | 'send' | 'onLost'
> {
  readonly store: ChannelStore
  readonly send: SendToAddress
  readonly record: (entry: AuditEntry) => void
  /** Absent: nobody answers. */
  readonly phones?:
    | Pick<FolderPhonesOptions, 'file' | 'services' | 'accounts' | 'refusalOf' | 'intentOf'>
    | undefined
}

/** The alerts of a program on their way to the channels of its data folder. */
export interface FolderChannels {
  readonly store: ChannelStore
  readonly outletOf: (accountId: AccountId, account: AlertAccount) => AlertOutlet
  readonly view: () => ChannelsView
  /** Sends a test message now. Both texts are sentences that say how the service answered. */
  readonly test: (channelId: string) => Promise<Result<string, string>>
  /** Channels were changed by this program. */
  readonly refresh: () => void
  readonly takeOver: () => void
  /** Another program acts from now on. */
  readonly standDown: () => void
  readonly wake: () => void
  /** Sends nothing more, and waits a few seconds for the replies to what was sent. */
  readonly shutDown: () => Promise<void>
  readonly dispose: () => void
}

const SHUT_DOWN_MS = 3_000

export function createFolderChannels(options: FolderChannelsOptions): FolderChannels {
  const { clock, store } = options
  const phones = options.phones && createFolderPhones({ ...options, ...options.phones })
  const testing = new Set<string>()

  async function send(channel: Channel, batch: MessageBatch): Promise<SendOutcome> {
    const address = await store.addressOf(channel.id)
    if (!address.ok) return { kind: 'failed', answer: address.error, isBroken: true, retryAfterMs: null }
    const buttons = await phones?.buttonsFor(channel, batch)
    return options.send(channel, address.value, buttons == null ? batch : { ...batch, buttons })
  }

  const outbox = createOutbox({
    ...options,
    channels: () => store.list().filter((channel) => !isUnpaired(channel)),
    areChannelsKnown: () => store.problem() === null,
    send,
    onLost: (message, channelName) => options.record(lostEntry(message, channelName)),
  })

  function refresh(): void {
    outbox.onChannelsChanged()
    phones?.refresh()
    options.onChange()
  }
  store.onChange(refresh)

  return {
    store,
    outletOf: (accountId, account) => ({
      take: (alert) => outbox.take(alert, account),
      acceptedAtMs: outbox.acceptedAtMs,
      onHolding: (names) => outbox.onHolding(accountId, names),
    }),
    view: () => ({
      channels: store.list().map((channel) => ({
        ...channel,
        status: outbox.status(channel.id),
        phoneStatus: phones?.statusOf(channel.id) ?? null,
      })),
      problem: store.problem(),
    }),
    async test(channelId) {
      const channel = store.list().find(({ id }) => id === channelId)
      if (channel === undefined) return fail(channelGone)
      if (isUnpaired(channel)) return fail(pairingText.notPaired)
      if (testing.has(channelId)) return fail('A test is already under way.')
      testing.add(channelId)
      const alert = testAlertOf(clock.now(), options.computer())
      const outcome = await send(channel, {
        isPlain: false,
        alerts: [{ alert, isOver: false, resolvedAtMs: null }],
      })
      testing.delete(channelId)
      if (outcome.kind !== 'accepted') return fail(outcome.answer)
      // What works now may be tried again at once.
      outbox.wake()
      return ok(outcome.answer)
    },
    refresh,
    takeOver() {
      outbox.takeOver()
      phones?.takeOver()
      // An unusable channel is reported at once, not only when something is sent.
      options.onChange()
    },
    standDown: () => phones?.refresh(),
    wake() {
      outbox.wake()
      phones?.wake()
    },
    dispose: () => phones?.stop(),
    shutDown() {
      phones?.stop()
      return Promise.race([
        outbox.shutDown(),
        new Promise<void>((resolve) => void clock.schedule(SHUT_DOWN_MS, resolve)),
      ])
    },
  }
}
