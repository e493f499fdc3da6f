import type { AuditEntry } from '../../core/audit-log/audit-log'
import type { Clock } from '../../core/base/time/clock'
import { errorText } from '../../core/base/text/error-text'
import { openChannelStore } from '../../node/channels/channel-store'
import {
  createFolderChannels,
  type FolderChannels,
  type SendToAddress,
} from '../../node/channels/folder-channels'
import type { FolderLock } from '../../node/data-folder/lock/folder-lock'
import type { Settings } from '../../core/settings/settings'
import { watchText } from './watch-text'

export interface WatchChannelsOptions {
  readonly folder: string
  readonly clock: Clock
  readonly lock: FolderLock
  readonly send: SendToAddress
  readonly settings: () => Settings
  readonly record: (entry: AuditEntry) => void
  readonly report: (text: string) => void
}

/** The channels of a watch, which says when one begins to fail and when it works again. */
export function createWatchChannels(options: WatchChannelsOptions): FolderChannels {
  const { folder, clock, lock } = options
  const report = (what: string, cause?: unknown): void =>
    options.report(cause === undefined ? what : `${what}: ${errorText(cause)}`)
  const failing = new Map<string, string>()
  let problem: string | null = null

  function reportChanges(): void {
    const view = channels.view()
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

  const channels = createFolderChannels({
    clock,
    random: Math.random,
    store: openChannelStore(folder, null, report),
    journal: lock.outbox,
    send: options.send,
    // A server has no lock, and nobody sits in front of it.
    routing: () => ({ isLocked: null, mayStopUnwarned: options.settings().mayStopUnheard }),
    mayAct: () => lock.isActing(),
    record: options.record,
    onChange: reportChanges,
    report,
  })
  return channels
}
