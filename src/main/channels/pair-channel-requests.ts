import { fail, ok, type Result } from '../../core/base/result'
import type { Channel } from '../../core/channels/channel'
import { channelGone } from '../../core/channels/channel-changes'
import {
  offerButtonsQuestion,
  pairBotQuestion,
  unpairQuestion,
} from '../../core/confirmation/channel-questions'
import type { Ask, Question } from '../../core/confirmation/question-queue'
import { pairingText } from '../../core/phone/pairing-text'
import {
  type ChannelPairingParts,
  pairTelegram,
  prepareButtons,
  type ShownPairing,
} from '../../node/channels/pair-channel'
import type { ChannelStore } from '../../node/channels/channel-store'

/** A question is withdrawn once the signal aborts. */
export type AskWithdrawable = (question: Question, signal?: AbortSignal) => ReturnType<Ask>

export interface PairChannelOptions extends Omit<ChannelPairingParts, 'store'> {
  readonly store: ChannelStore
  /** Asks in the app's own window. */
  readonly ask: AskWithdrawable
  /** Channels were changed. */
  readonly onChange: () => void
}

/** Who may answer on a channel is decided in the app's own window, which alone shows the code of a pairing. */
export function createChannelPairing(options: PairChannelOptions) {
  const { store, ask } = options

  const find = (channelId: string): Channel | undefined => store.list().find(({ id }) => id === channelId)

  async function pairWithCode(channel: Channel): Promise<Result<boolean, string>> {
    const window = new AbortController()
    let problem: string | null = null

    async function showCode(shown: ShownPairing): Promise<void> {
      for (let isStillMissing = false; !window.signal.aborted; isStillMissing = true) {
        const asked = await ask(pairBotQuestion(channel, { ...shown, isStillMissing }), window.signal)
        if (asked.ok && asked.value !== null) continue
        if (!asked.ok) problem = asked.error
        return pairing.cancel()
      }
    }

    const pairing = pairTelegram(channel.id, options, (shown) => void showCode(shown))
    const paired = await pairing.outcome
    window.abort()
    if (!paired.ok) return paired
    if (problem !== null) return fail(problem)
    return ok(paired.value !== null)
  }

  async function offerButtons(channel: Channel): Promise<Result<boolean, string>> {
    const prepared = await prepareButtons(channel.id, options)
    if (!prepared.ok) return prepared
    const { mayStop, replyTopic, save } = prepared.value
    const agreed = await ask(offerButtonsQuestion(channel, mayStop, replyTopic))
    if (!agreed.ok || agreed.value === null) return agreed.ok ? ok(false) : agreed
    const saved = await save()
    return saved.ok ? ok(true) : saved
  }

  return {
    async pair(channelId: string): Promise<Result<boolean, string>> {
      const channel = find(channelId)
      if (channel === undefined) return fail(channelGone)
      const paired = await (channel.kind === 'ntfy' ? offerButtons(channel) : pairWithCode(channel))
      options.onChange()
      return paired
    },
    async unpair(channelId: string): Promise<Result<boolean, string>> {
      const channel = find(channelId)
      if (channel === undefined) return fail(channelGone)
      if (channel.phone === null) return fail(pairingText.notPaired)
      // Without buttons alerts go on to an ntfy topic.
      const agreed = channel.kind === 'ntfy' ? ok('') : await ask(unpairQuestion(channel))
      if (!agreed.ok || agreed.value === null) return agreed.ok ? ok(false) : agreed
      const unpaired = store.unpair(channelId)
      options.onChange()
      return unpaired.ok ? ok(true) : unpaired
    },
  }
}
