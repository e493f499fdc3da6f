import type { AuditEntry } from '../../core/audit-log/audit-log'
import { fail, ok, type Result } from '../../core/base/result'
import type { Channel, ChannelKind } from '../../core/channels/channel'
import { channelGone, freeName } from '../../core/channels/channel-changes'
import { channelEntry, channelKindNames } from '../../core/channels/outbox/channel-text'
import {
  channelAddressQuestion,
  channelTokenQuestion,
  removeChannelQuestion,
} from '../../core/confirmation/channel-questions'
import { askWhether } from '../../core/confirmation/question-queue'
import type { Clock } from '../../core/base/time/clock'
import type { PhoneServices } from '../../core/phone/phone-services'
import type { ChannelAddress } from '../../node/channels/channel-store'
import { hostOfTarget, parseChannelTarget } from '../../providers/channels/channel-target'
import type { HostRule } from '../../providers/http/base-url'
import type { ChannelRequests } from '../../shared/requests/channel-requests'
import type { HandlersOf } from '../../shared/ipc'
import type { FolderChannels } from '../../node/channels/folder-channels'
import { channelHandlersText } from './channel-handlers-text'
import { type AskWithdrawable, createChannelPairing } from './pair-channel-requests'

export interface ChannelHandlersOptions {
  readonly channels: Pick<FolderChannels, 'store' | 'view' | 'test' | 'refresh'>
  /** Asks in the app's own window. */
  readonly ask: AskWithdrawable
  readonly clock: Clock
  readonly phoneServices: PhoneServices
  readonly hosts: HostRule
  readonly record: (entry: AuditEntry) => void
  /** A secret that must not get into a log. */
  readonly hide: (secret: string) => void
}

/** Where the alerts of a channel go from now on. */
interface EnteredAddress {
  readonly address: ChannelAddress
  readonly host: string
}

/**
 * Requests of windows about channels. Where alerts go is typed in the app's own window, no matter who asks, so that
 * a compromised page can't redirect them.
 */
export function createChannelHandlers(options: ChannelHandlersOptions): HandlersOf<ChannelRequests> {
  const { channels, ask, clock, phoneServices } = options
  const { store } = channels
  const pairing = createChannelPairing({
    clock,
    store,
    services: phoneServices,
    ask,
    onChange: channels.refresh,
  })
  /** The answer to a question that is shared would count twice. */
  let isAsking = false

  const find = (channelId: string): Channel | undefined => store.list().find(({ id }) => id === channelId)

  async function once<T>(run: () => Promise<Result<T, string>>): Promise<Result<T, string>> {
    if (isAsking) return fail(channelHandlersText.alreadyAsking)
    isAsking = true
    try {
      return await run()
    } finally {
      isAsking = false
    }
  }

  /** Null: the user canceled. */
  async function askAddress(
    kind: ChannelKind,
    channel: Channel | null,
  ): Promise<Result<EnteredAddress | null, string>> {
    if (kind === 'telegram') return askBot(channel)
    const problemOf = (address: string, token: string | null): string | null => {
      const parsed = parseChannelTarget(kind, address, token, options.hosts)
      return parsed.ok ? null : parsed.error
    }
    const typed = await ask(channelAddressQuestion(kind, channel, (text) => problemOf(text, null)))
    if (!typed.ok || typed.value === null) return typed.ok ? ok(null) : typed
    const address = typed.value.trim()
    const target = parseChannelTarget(kind, address, null, options.hosts)
    if (!target.ok) return target
    if (kind !== 'ntfy' && kind !== 'webhook')
      return ok({ address: { address, token: null }, host: hostOfTarget(target.value) })
    const question = channelTokenQuestion(hostOfTarget(target.value), (text) =>
      problemOf(address, text.trim() || null),
    )
    const typedToken = await ask(question)
    if (!typedToken.ok || typedToken.value === null) return typedToken.ok ? ok(null) : typedToken
    const token = typedToken.value.trim() || null
    if (token !== null) options.hide(token)
    return ok({ address: { address, token }, host: hostOfTarget(target.value) })
  }

  /** A bot is asked for its name, so that a token that is refused is not kept. */
  async function askBot(channel: Channel | null): Promise<Result<EnteredAddress | null, string>> {
    const question = channelAddressQuestion('telegram', channel, (text) => {
      const bot = phoneServices.newBot(text)
      return bot.ok ? null : bot.error
    })
    const typed = await ask(question)
    if (!typed.ok || typed.value === null) return typed.ok ? ok(null) : typed
    options.hide(typed.value.trim())
    const made = phoneServices.newBot(typed.value)
    if (!made.ok) return made
    const { host, ...address } = made.value
    const bot = phoneServices.openBot(address)
    const name = bot.ok ? await bot.value.userName() : bot
    return name.ok ? ok({ address, host }) : name
  }

  /** That of a bot is Telegram's own, and secret only with its token. */
  function hideAddress(kind: ChannelKind, { address }: ChannelAddress): void {
    if (kind !== 'telegram') options.hide(address)
  }

  function changed(channel: Channel, what: Parameters<typeof channelEntry>[1]): void {
    options.record(channelEntry(channel, what, clock.now().wallMs))
    channels.refresh()
  }

  async function add(kind: ChannelKind): Promise<Result<boolean, string>> {
    const asked = await askAddress(kind, null)
    if (!asked.ok || asked.value === null) return asked.ok ? ok(false) : asked
    const { address, host } = asked.value
    hideAddress(kind, address)
    const name = freeName(store.list(), channelKindNames[kind])
    const added = await store.add(kind, name, host, address)
    if (!added.ok) return added
    changed(added.value, 'added')
    // A bot has nobody to send to before.
    return kind === 'telegram' ? pairing.pair(added.value.id) : ok(true)
  }

  async function replaceAddress(channelId: string): Promise<Result<boolean, string>> {
    const channel = find(channelId)
    if (channel === undefined) return fail(channelGone)
    const asked = await askAddress(channel.kind, channel)
    if (!asked.ok || asked.value === null) return asked.ok ? ok(false) : asked
    const { address, host } = asked.value
    hideAddress(channel.kind, address)
    const replaced = await store.replaceAddress(channelId, host, address)
    if (!replaced.ok) return replaced
    changed({ ...channel, host }, 'address-changed')
    return channel.kind === 'telegram' ? pairing.pair(channelId) : ok(true)
  }

  async function remove(channelId: string): Promise<Result<boolean, string>> {
    const channel = find(channelId)
    if (channel === undefined) return fail(channelGone)
    const isConfirmed = await askWhether(ask, removeChannelQuestion(channel))
    if (!isConfirmed.ok || !isConfirmed.value) return isConfirmed
    const removed = store.remove(channelId)
    if (!removed.ok) return removed
    changed(channel, 'removed')
    return ok(true)
  }

  return {
    channels: () => ok(channels.view()),
    addChannel: (kind) => once(() => add(kind)),
    replaceChannelAddress: (channelId) => once(() => replaceAddress(channelId)),
    removeChannel: (channelId) => once(() => remove(channelId)),
    pairChannel: (channelId) => once(() => pairing.pair(channelId)),
    unpairChannel: (channelId) => once(() => pairing.unpair(channelId)),
    changeChannel(channelId, changes) {
      const result = store.change(channelId, changes)
      const channel = find(channelId)
      if (result.ok && channel !== undefined) changed(channel, 'changed')
      return result
    },
    async testChannel(channelId) {
      const result = await channels.test(channelId)
      return ok({ isAccepted: result.ok, answer: result.ok ? result.value : result.error })
    },
  }
}
