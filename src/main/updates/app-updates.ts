import { errorText } from '../../core/base/text/error-text'
import type { Clock } from '../../core/base/time/clock'
import { fail, ok } from '../../core/base/result'
import { watchForReplacedProgram } from '../../core/updates/replaced-program'
import { createUpdateCheck } from '../../core/updates/update-check'
import { UPDATE_NOTICE_ID, updatesText } from '../../core/updates/updates-text'
import { createFeedFetcher } from '../../providers/updates/fetch-release-feed'
import type { EventName, Events, HandlersOf } from '../../shared/ipc'
import type { UpdateRequests } from '../../shared/requests/update-requests'
import type { Notices } from '../../core/view/notices'
import type { AccountSession } from '../account/account-session-types'
import { DEMO_ID } from '../account/session/demo-entry'
import { parseTerminalUrl } from '../hardening/external-url'
import { browserOpener } from '../hardening/harden-app'
import type { AppHost } from '../lifecycle/app-host'
import type { RuntimeLimits } from '../lifecycle/runtime'
import type { AppStore } from '../settings/app-store'
import { createSignatureCheck } from './feed-signature'
import { openUpdatesFile } from './updates-file'

/** Where this build looks for releases. */
export interface ReleaseFeedSource {
  readonly url: string
  /** Base64 of the DER (SPKI) of an Ed25519 key. */
  readonly publicKey: string
}

export interface AppUpdatesOptions {
  readonly host: Pick<AppHost, 'version' | 'env' | 'openExternal'> & {
    /** Null: a build that knows none. */
    readonly releaseFeed: ReleaseFeedSource | null
    readonly readLicenses: () => Promise<string>
    readonly programStamp: () => string | null
  }
  readonly clock: Clock
  readonly userData: string
  readonly store: Pick<AppStore, 'settings' | 'onSettings'>
  readonly report: (text: string) => void
  readonly limits: Pick<RuntimeLimits, 'hosts'>
  readonly session: Pick<AccountSession, 'monitor'>
  readonly notices: Pick<Notices, 'add' | 'dismiss'>
  readonly windows: { readonly send: <K extends EventName>(name: K, payload: Events[K]) => void }
}

export interface AppUpdates {
  readonly handlers: HandlersOf<UpdateRequests>
  readonly start: () => void
  readonly dispose: () => void
}

/** Looks for newer releases and says so. Nothing is looked for before `start`. */
export function createAppUpdates(options: AppUpdatesOptions): AppUpdates {
  const { host, clock, store, limits, session, notices, windows } = options
  const { releaseFeed: feed, version } = host
  /** The release that a notice was shown for: once dismissed, it doesn't come back. */
  let announced: string | null = null
  const file = openUpdatesFile(options.userData, options.report)
  let endWatch = (): void => {}
  function addNotice(id: string, text: string): void {
    notices.add({ id, accountId: null, podId: null, text, atMs: clock.now().wallMs })
  }
  const updates = createUpdateCheck({
    clock,
    version,
    isSigned: feed && createSignatureCheck(feed.publicKey),
    isDaily: () => store.settings().areUpdatesChecked,
    isDemo: () => session.monitor(DEMO_ID) !== null,
    fetchFeed: createFeedFetcher({
      version,
      url: feed?.url ?? '',
      hosts: limits.hosts,
      proxyEnvironment: host.env,
    }),
    loadSeen: file.newestSeen,
    onSeen: file.saveSeen,
    onChange(state) {
      windows.send('updates', { version, state })
      if (state.newer === null) notices.dismiss(UPDATE_NOTICE_ID)
      else if (state.newer.version !== announced) {
        announced = state.newer.version
        addNotice(UPDATE_NOTICE_ID, updatesText.available(announced))
      }
    },
  })
  const view = () => ({ version, state: updates.state() })
  store.onSettings(() => windows.send('updates', view()))
  // The address is of a feed that was verified.
  const openPage = browserOpener(host, parseTerminalUrl)
  return {
    handlers: {
      updates: () => ok(view()),
      async licenses() {
        try {
          return ok(await host.readLicenses())
        } catch (cause) {
          return fail(errorText(cause))
        }
      },
      checkForUpdates: async () => ok(await updates.check()),
      async openRelease() {
        const { newer } = updates.state()
        return newer === null ? fail(updatesText.none) : ok(await openPage(newer.page))
      },
    },
    start() {
      updates.start()
      endWatch = watchForReplacedProgram({
        clock,
        stamp: host.programStamp,
        onReplaced: () => addNotice('replaced', updatesText.replaced),
      })
    },
    dispose() {
      endWatch()
      updates.dispose()
    },
  }
}
