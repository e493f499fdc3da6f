import { join } from 'node:path'
import type { Clock } from '../../core/base/time/clock'
import { fail, ok, type Result } from '../../core/base/result'
import { electronSupport } from '../../core/updates/electron-support'
import { watchForReplacedProgram } from '../../core/updates/replaced-program'
import type { ReleaseFile } from '../../core/updates/release-feed'
import { createUpdateCheck } from '../../core/updates/update-check'
import {
  createUpdateDownload,
  type DownloadFailure,
  type VerifiedUpdate,
  type UpdateDownloadOptions,
} from '../../core/updates/update-download'
import { createUpdateRestart } from '../../core/updates/update-restart'
import { type PackageFacts, updateTarget, updateWay } from '../../core/updates/update-way'
import { updatesText } from '../../core/updates/updates-text'
import { isNewerVersion } from '../../core/updates/version'
import type { Snapshot } from '../../core/view/snapshot'
import { workUnderWay } from '../../core/view/window/work-under-way'
import { createFeedFetcher } from '../../providers/updates/fetch-release-feed'
import { createReleaseFileFetcher } from '../../providers/updates/fetch-release-file'
import type { EventName, Events, HandlersOf } from '../../shared/ipc'
import type { UpdateRequests, UpdatesView } from '../../shared/requests/update-requests'
import type { Notices } from '../../core/view/notices'
import type { AccountSession } from '../account/account-session-types'
import { DEMO_ID } from '../account/session/demo-entry'
import { parseTerminalUrl } from '../hardening/external-url'
import { browserOpener } from '../hardening/harden-app'
import type { Transfers } from '../files/transfers'
import type { AppHost } from '../lifecycle/app-host'
import type { PendingInstall } from '../lifecycle/quit'
import type { RuntimeLimits } from '../lifecycle/runtime'
import type { AppStore } from '../settings/app-store'
import { createFileDownload } from './download-file'
import { createSignatureCheck } from './feed-signature'
import { isReleaseFile } from './part-file'
import { createShippedTexts, type ReadShippedText } from './shipped-texts'
import { createUpdateNotices } from './update-notices'
import type { UpdateInstaller } from './update-installer'
import { openUpdatesFile } from './updates-file'

/** Where this build looks for releases. */
export interface ReleaseFeedSource {
  readonly url: string
  /** Base64 of the DER (SPKI) of an Ed25519 key. */
  readonly publicKey: string
}

/** What only Electron knows and can do of updates. */
export interface UpdateHost {
  /** Null: a build that knows none. */
  readonly releaseFeed: ReleaseFeedSource | null
  readonly packageFacts: PackageFacts
  /** Null: this system needs none, or has none. */
  readonly createInstaller: (clock: Clock) => UpdateInstaller | null
  /** As a person quits, with the questions that this asks. */
  readonly quit: () => void
  readonly electronVersion: string
  readonly readText: ReadShippedText
  /** Tells the file of this program from another in its place; null: it can't be read. */
  readonly programStamp: () => string | null
}

export interface AppUpdatesOptions {
  readonly host: Pick<AppHost, 'version' | 'env' | 'openExternal'> & { readonly updates: UpdateHost }
  readonly clock: Clock
  readonly userData: string
  readonly store: Pick<AppStore, 'settings' | 'onSettings'>
  readonly report: (text: string) => void
  readonly limits: Pick<RuntimeLimits, 'hosts'>
  readonly session: Pick<AccountSession, 'monitor'> & { readonly snapshot: () => Snapshot }
  readonly transfers: Pick<Transfers, 'openPodNames'>
  readonly notices: Pick<Notices, 'add' | 'dismiss'>
  readonly windows: { readonly send: <K extends EventName>(name: K, payload: Events[K]) => void }
}

export interface AppUpdates {
  readonly handlers: HandlersOf<UpdateRequests>
  readonly start: () => void
  readonly pendingInstall: () => PendingInstall | null
  /** A person was asked about the quit of a restart, and stays. */
  readonly onStay: () => void
  readonly dispose: () => void
}

/** Looks for newer releases, says so, and installs them where the app does that. Nothing happens before `start`. */
export function createAppUpdates(options: AppUpdatesOptions): AppUpdates {
  const { host, clock, store, limits, session, windows } = options
  const { updates, version } = host
  const { releaseFeed: feed, packageFacts } = updates
  const source = { version, url: feed?.url ?? '', hosts: limits.hosts, proxyEnvironment: host.env }
  const file = openUpdatesFile(options.userData, options.report)
  const notices = createUpdateNotices(options.notices, () => clock.now().wallMs)
  const ownWay = updateWay(packageFacts)
  const installer = ownWay === 'app' ? updates.createInstaller(clock) : null
  const target = updateTarget(packageFacts)
  let endWatch = (): void => {}

  const check = createUpdateCheck({
    clock,
    version,
    isSigned: feed && createSignatureCheck(feed.publicKey),
    isDaily: () => store.settings().areUpdatesChecked,
    isDemo: () => session.monitor(DEMO_ID) !== null,
    fetchFeed: createFeedFetcher(source),
    loadSeen: file.newestSeen,
    onSeen: file.saveSeen,
    onChange: follow,
  })
  const fetchFile = createReleaseFileFetcher(source)
  const fetchToDisk = createFileDownload({ clock, folder: join(options.userData, 'updates'), fetchFile })
  const download = createUpdateDownload({
    clock,
    // The feed may have expired meanwhile.
    download: stagedDownload(fetchToDisk, installer, ({ sha256 }) => offered()?.file?.sha256 === sha256),
    onChange: publish,
  })
  const restart = createUpdateRestart({
    clock,
    isReady: () => verified() !== null,
    workUnderWay: () => workUnderWay(session.snapshot(), options.transfers.openPodNames()),
    restart: updates.quit,
    onChange: publish,
  })

  /** Null while nothing newer is known, or the feed that said so has expired. */
  function offered() {
    const { newer } = check.state()
    if (newer === null) return null
    const one = installer === null ? undefined : newer.files.find((each) => each.target === target)
    return { release: newer, file: one ?? null }
  }

  function verified() {
    const update = download.verified()
    return update !== null && offered()?.file?.sha256 === update.file.sha256 ? update : null
  }

  const view = (): UpdatesView => ({
    version,
    way: ownWay === 'app' && offered()?.file == null ? 'page' : ownWay,
    state: check.state(),
    download: download.state(),
    restart: restart.state(),
    electron: {
      version: updates.electronVersion,
      support: electronSupport({
        version: updates.electronVersion,
        oldestSafe: check.state().oldestSafeElectron,
        nowMs: clock.now().wallMs,
      }),
    },
  })

  function follow(): void {
    const offer = offered()
    download.offer(offer?.release ?? null, offer?.file ?? null)
    if (offer?.file && store.settings().areUpdatesChecked && download.state().kind === 'none')
      download.begin()
    else publish()
  }

  function publish(): void {
    windows.send('updates', view())
    notices.show(view())
  }

  store.onSettings(() => windows.send('updates', view()))
  // The address is of a feed that was verified.
  const openPage = browserOpener(host, parseTerminalUrl)
  return {
    handlers: {
      updates: () => ok(view()),
      ...createShippedTexts(updates.readText, version),
      checkForUpdates: async () => ok(await check.check()),
      downloadUpdate: () => (offered()?.file ? ok(download.begin()) : fail(updatesText.none)),
      restartForUpdate: (): Result<void, string> =>
        verified() === null ? fail(updatesText.none) : ok(restart.request()),
      cancelRestart: () => ok(restart.cancel()),
      async openRelease() {
        const { newer } = check.state()
        return newer === null ? fail(updatesText.none) : ok(await openPage(newer.page))
      },
    },
    start() {
      check.start()
      const last = file.startVersion(version)
      if (last !== null && isNewerVersion(version, last)) notices.showUpdated(version)
      endWatch = watchForReplacedProgram({
        clock,
        stamp: updates.programStamp,
        onReplaced: notices.showReplaced,
      })
    },
    pendingInstall: () => installOf(verified(), installer, restart.state().kind === 'restarting'),
    onStay: restart.cancel,
    dispose() {
      endWatch()
      restart.dispose()
      download.dispose()
      check.dispose()
    },
  }
}

/** What was downloaded and verified is handed to the installer while it is offered. */
function stagedDownload(
  download: Download,
  installer: UpdateInstaller | null,
  isOffered: (file: ReleaseFile) => boolean,
): Download {
  return (file, onBytes) => {
    const { done, cancel } = download(file, onBytes)
    const stage = async (path: string): Promise<Result<string, DownloadFailure>> => {
      const staged = isOffered(file) ? await installer?.stage(path) : fail(updatesText.none)
      return staged?.ok === false ? fail({ problem: staged.error, isForeign: true }) : ok(path)
    }
    return { done: done.then((result) => (result.ok ? stage(result.value) : result)), cancel }
  }
}

type Download = UpdateDownloadOptions['download']

function installOf(
  update: VerifiedUpdate | null,
  installer: UpdateInstaller | null,
  restarts: boolean,
): PendingInstall | null {
  if (update === null || installer === null || !(restarts || installer.isCalledAtQuit)) return null
  const { path, file } = update
  return async () => (await isReleaseFile(path, file)) && installer.install(path, restarts)
}
