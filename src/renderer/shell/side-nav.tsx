import { formatNumber } from '../../core/base/text/format'
import { Button as AriaButton } from 'react-aria-components'
import type { PageName } from '../../shared/ipc'
import { UnseenCount } from '../activity/unseen-count'
import { AccountMenu } from '../accounts/account-menu'
import { AppMenu } from './app-menu'
import { isDemo, isSetUp } from '../state/account-parts'
import { Button } from '../ui/button'
import { ConnectionStatus } from './connection-status'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Icon, type IconName } from '../ui/icon'
import { autoStopCountText, sideNavText } from './shell-text'
import { pageTitles } from '../ui/ui-text'
import { providerName } from '../../core/settings/account-record'

export interface NavPage {
  readonly icon: IconName
  /** Called when navigation is likely, to load the page's code. */
  readonly preload?: () => void
  /** The page that it belongs to in the navigation, where it has no link of its own. */
  readonly parent?: PageName
}

interface SideNavProps {
  /** In the order of navigation. */
  readonly pages: Readonly<Record<PageName, NavPage>>
  readonly current: PageName
  readonly onNavigate: () => void
  readonly onEnterKey: () => void
}

/** Links to the pages, and the account. */
export function SideNav({ pages, current, onNavigate, onEnterKey }: SideNavProps) {
  const marked = pages[current].parent ?? current
  const { snapshotStore } = useWindow()
  const canHaveVolumes = useSnapshotStore(
    ({ wholeSnapshot }) => wholeSnapshot?.accounts.some(({ volumes }) => volumes !== undefined) ?? false,
  )
  return (
    <header className="side">
      <AccountMenu onAdd={onEnterKey} />
      <nav aria-label={sideNavText.pages}>
        <ul>
          {(Object.keys(pages) as PageName[]).map((name) => {
            const page = pages[name]
            const isLinked = page.parent === undefined && (name !== 'volumes' || canHaveVolumes)
            return (
              isLinked && (
                <li key={name}>
                  <AriaButton
                    className="nav-item"
                    aria-current={name === marked ? 'page' : undefined}
                    onHoverStart={() => page.preload?.()}
                    onFocus={() => page.preload?.()}
                    onPress={() => {
                      onNavigate()
                      snapshotStore.showPage(name)
                    }}
                  >
                    <Icon name={page.icon} size={18} />
                    <span className="nav-label">{pageTitles[name]}</span>
                    {name === 'activity' && <UnseenCount />}
                    {name === 'queue' && <WaitingCount />}
                  </AriaButton>
                </li>
              )
            )
          })}
        </ul>
      </nav>
      <AccountInfo onEnterKey={onEnterKey} />
    </header>
  )
}

/** How many jobs wait, for the eye only. */
function WaitingCount() {
  const count = useSnapshotStore(
    ({ wholeSnapshot }) =>
      wholeSnapshot?.queue?.jobs.filter(({ state }) => state === 'queued' || state === 'blocked').length ?? 0,
  )
  return count === 0 ? null : (
    <span className="nav-count" aria-hidden="true">
      {formatNumber(count)}
    </span>
  )
}

/** Whose pods these are, how current they are, and what may be stopped. */
function AccountInfo({ onEnterKey }: Pick<SideNavProps, 'onEnterKey'>) {
  const { bridge, snapshotStore } = useWindow()
  const account = useSnapshotStore(({ snapshot }) => snapshot?.account ?? null)
  // Its name is in the account menu.
  const isSeveral = useSnapshotStore(({ snapshot }) => (snapshot?.accounts.length ?? 0) > 1)
  const labName = useSnapshotStore(({ snapshot }) => {
    const entry = snapshot?.accounts[0]?.entry
    return entry?.lab === undefined ? null : entry.name
  })
  const isConnected = useSnapshotStore(({ snapshot }) => isSetUp(snapshot))
  const isInDemo = useSnapshotStore(({ snapshot }) => isDemo(snapshot))
  const requestsLeft = useSnapshotStore(({ snapshot }) => snapshot?.quota?.requests ?? null)
  if (!isConnected) return null
  return (
    <div className="account">
      <div className="whose">
        {account !== null && (
          <>
            {!isSeveral && <b>{isInDemo ? sideNavText.demo : (labName ?? providerName('runpod'))}</b>}
            {account.isMonitorOnly && <span className="pill">{sideNavText.monitorOnly}</span>}
            <span className="cap">{account.host}</span>
          </>
        )}
        {requestsLeft !== null && !isInDemo && account !== null && (
          <span className="cap" title={sideNavText.quotaHelp}>
            {sideNavText.requestsLeft(requestsLeft)}
          </span>
        )}
        <AutoStopCount />
        <ConnectionStatus />
      </div>
      <div className="account-buttons">
        <Button
          kind="bare"
          icon="refresh"
          label={sideNavText.refresh}
          onPress={() => void snapshotStore.runRequest(sideNavText.couldNotRefresh, bridge.refresh())}
        />
        <AppMenu isDemo={isInDemo} onEnterKey={onEnterKey} />
      </div>
    </div>
  )
}

/** How many of the pods may be stopped automatically. */
function AutoStopCount() {
  const text = useSnapshotStore(({ snapshot }) => (snapshot === null ? '' : autoStopCountText(snapshot)))
  if (text === '') return null
  return (
    <span className="cap auto-stop-count">
      <Icon name="shield" size={13} /> {text}
    </span>
  )
}
