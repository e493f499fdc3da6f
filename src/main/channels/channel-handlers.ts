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
import { type Ask, askWhether } from '../../core/confirmation/question-queue'
import type { ChannelAddress } from '../../node/channels/channel-store'
import { type ChannelTarget, hostOfTarget, parseChannelTarget } from '../../providers/channels/channel-target'
import type { HostRule } from '../../providers/http/base-url'
import type { ChannelRequests } from '../../shared/requests/channel-requests'
import type { HandlersOf } from '../../shared/ipc'
import type { FolderChannels } from '../../node/channels/folder-channels'
import { channelHandlersText } from './channel-handlers-text'

export interface ChannelHandlersOptions {
  readonly channels: Pick<FolderChannels, 'store' | 'view' | 'test' | 'refresh'>
  /** Asks in the app's own window. */
  readonly ask: Ask
  readonly hosts: HostRule
  readonly record: (entry: AuditEntry) => void
  /** A secret that must not get into a log. */
  readonly hide: (secret: string) => void
  readonly nowMs: () => number
}

/**
 * Requests of windows about channels. Where alerts go is typed in the app's own window, no matter who asks, so that
 * a compromised page can't redirect them.
 */
export function createChannelHandlers(options: ChannelHandlersOptions): HandlersOf<ChannelRequests> {
  const { channels, ask } = options
  const { store } = channels
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
  ): Promise<Result<{ readonly address: ChannelAddress; readonly target: ChannelTarget } | null, string>> {
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
      return ok({ address: { address, token: null }, target: target.value })
    const question = channelTokenQuestion(hostOfTarget(target.value), (text) =>
      problemOf(address, text.trim() || null),
    )
    const typedToken = await ask(question)
    if (!typedToken.ok || typedToken.value === null) return typedToken.ok ? ok(null) : typedToken
    const token = typedToken.value.trim() || null
    if (token !== null) options.hide(token)
    return ok({ address: { address, token }, target: target.value })
  }

  function changed(channel: Channel, what: Parameters<typeof channelEntry>[1]): void {
    options.record(channelEntry(channel, what, options.nowMs()))
    channels.refresh()
  }

  async function add(kind: ChannelKind): Promise<Result<boolean, string>> {
    const asked = await askAddress(kind, null)
    if (!asked.ok || asked.value === null) return asked.ok ? ok(false) : asked
    const { address, target } = asked.value
    options.hide(address.address)
    const name = freeName(store.list(), channelKindNames[kind])
    const added = await store.add(kind, name, hostOfTarget(target), address)
    if (!added.ok) return added
    changed(added.value, 'added')
    return ok(true)
  }

  async function replaceAddress(channelId: string): Promise<Result<boolean, string>> {
    const channel = find(channelId)
    if (channel === undefined) return fail(channelGone)
    const asked = await askAddress(channel.kind, channel)
    if (!asked.ok || asked.value === null) return asked.ok ? ok(false) : asked
    const { address, target } = asked.value
    options.hide(address.address)
    const host = hostOfTarget(target)
    const replaced = await store.replaceAddress(channelId, host, address)
    if (!replaced.ok) return replaced
    changed({ ...channel, host }, 'address-changed')
    return ok(true)
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
