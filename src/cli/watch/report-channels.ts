import type { ChannelsView } from '../../core/channels/outbox/channel-view'
import { watchText } from './watch-text'

/** Returns what says when a channel begins to fail and when it works again, to be called with each view. */
export function createChannelReporter(report: (text: string) => void): (view: ChannelsView) => void {
  const failing = new Map<string, string>()
  let problem: string | null = null
  return (view) => {
    if (view.problem !== null && view.problem !== problem) report(view.problem)
    problem = view.problem
    for (const { id, name, status } of view.channels) {
      const before = failing.get(id)
      if (status.failure === null) failing.delete(id)
      else failing.set(id, status.failure)
      if (status.failure !== null && status.failure !== before)
        report(watchText.channelFails(name, status.failure))
      if (status.failure === null && before !== undefined) report(watchText.channelWorks(name))
    }
  }
}
