import type { AuditEntry } from '../../core/audit-log/audit-log'
import type { Clock } from '../../core/base/time/clock'
import type { ChannelsView } from '../../core/channels/outbox/channel-view'
import { type ChannelStore, openChannelStore } from '../../node/channels/channel-store'
import { createFolderChannels, type FolderChannels } from '../../node/channels/folder-channels'
import type { SecretKeyring } from '../../node/data-folder/secrets/secrets-file'
import type { HostRule } from '../../providers/http/base-url'
import type { ProxyEnvironment } from '../../providers/http/proxy'
import { createAddressSender } from '../../providers/channels/send-to-address'
import type { AppHost } from '../lifecycle/app-host'
import type { SessionFolderLock } from '../account/session-folder-lock'
import type { AppStore } from '../settings/app-store'

export interface AppChannelsOptions {
  readonly userData: string
  readonly clock: Clock
  readonly store: Pick<AppStore, 'settings'>
  readonly folderLock: Pick<SessionFolderLock, 'outbox' | 'mayAnnounce' | 'onActive'>
  readonly keyring: SecretKeyring
  readonly host: Pick<AppHost, 'version' | 'isScreenLocked'>
  readonly hosts: HostRule
  readonly proxyEnvironment: ProxyEnvironment
  readonly record: (entry: AuditEntry) => void
  readonly onChange: (view: ChannelsView) => void
  readonly report: (what: string, cause?: unknown) => void
}

/** The channels of the app, with their store. */
export interface AppChannels extends FolderChannels {
  readonly store: ChannelStore
}

export function createAppChannels(options: AppChannelsOptions): AppChannels {
  const { clock, folderLock, host, report } = options
  const store = openChannelStore(options.userData, options.keyring, report)
  const channels = createFolderChannels({
    clock,
    random: Math.random,
    store,
    journal: folderLock.outbox,
    send: createAddressSender({
      version: host.version,
      hosts: options.hosts,
      proxyEnvironment: options.proxyEnvironment,
      now: () => clock.now(),
    }),
    routing: () => ({
      isLocked: host.isScreenLocked(),
      mayStopUnwarned: options.store.settings().mayStopUnheard,
    }),
    mayAct: folderLock.mayAnnounce,
    record: options.record,
    onChange: () => options.onChange(channels.view()),
    report,
  })
  folderLock.onActive(channels.takeOver)
  return { ...channels, store }
}
