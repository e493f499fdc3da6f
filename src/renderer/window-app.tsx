import { type ReactNode, useState } from 'react'
import type { PageName } from '../shared/ipc'
import { ActivityPage } from './activity/activity-page'
import { Announcement } from './shell/live-region'
import { ConnectPage } from './connect/connect-page'
import { Dialogs } from './shell/dialogs'
import { FirstRun } from './first-run/first-run'
import { useFirstRun } from './first-run/use-first-run'
import { DisconnectMessage } from './messages/disconnect-message'
import { WindowMessages } from './messages/messages'
import { type NavPage, SideNav } from './shell/side-nav'
import { PodsPage } from './pods/pods-page'
import { SettingsPage } from './settings/settings-page'
import { useShortcuts } from './state/shortcuts'
import { useMirror, useWindow } from './state/window-context'
import { TerminalDock } from './terminal/terminal-dock'
import { TerminalsPage } from './terminal/terminals-page'
import { laterPart } from './ui/lazy-part'

interface WindowPage extends NavPage {
  readonly draw: (actions: PageActions) => ReactNode
}

/** What a page may ask of its window. */
export interface PageActions {
  readonly onEnterKey: () => void
}

/** With its drawing of charts, which nothing else needs. */
const costs = laterPart(
  () => import('./money/costs-page').then(({ CostsPage }) => CostsPage),
  'This page could not be loaded',
)

/** The pages of the main window, in the order of its navigation. One that is not built has no entry. */
const pages: { readonly [K in PageName]?: WindowPage } = {
  pods: { label: 'Pods', icon: 'pods', draw: (actions) => <PodsPage {...actions} /> },
  costs: { label: 'Costs', icon: 'dollar', draw: () => <costs.Part />, prepare: costs.prepare },
  terminals: { label: 'Terminals', icon: 'terminal', draw: () => <TerminalsPage /> },
  activity: { label: 'Activity', icon: 'bell', draw: () => <ActivityPage /> },
  settings: { label: 'Settings', icon: 'settings', draw: () => <SettingsPage /> },
}

/** The main window: navigation beside a page, or where there is no account the way to one. */
export function WindowApp() {
  const [isEnteringKey, setEnteringKey] = useState(false)
  const firstRun = useFirstRun()
  const [isLeaving, setLeaving] = useState(false)
  const { mirror } = useWindow()
  const wanted = useMirror(({ page }) => page)
  const isKnown = useMirror(({ snapshot }) => snapshot !== null)
  const hasAccount = useMirror(({ snapshot }) => snapshot !== null && snapshot.account !== null)
  const name = pages[wanted] === undefined ? 'pods' : wanted
  const enterKey = () => setEnteringKey(true)
  useShortcuts({
    settings: () => mirror.turnTo('settings'),
    palette: () => mirror.open({ kind: 'palette' }),
  })
  const isConnecting = isKnown && name === 'pods' && (!hasAccount || isEnteringKey || firstRun.isTrying)
  const isFirstRun = hasAccount && !isConnecting && name === 'pods' && firstRun.step !== null
  return (
    <div className="frame">
      <SideNav
        pages={pages}
        current={name}
        onTurn={() => setEnteringKey(false)}
        onEnterKey={enterKey}
        onDisconnect={() => setLeaving(true)}
      />
      <div className="content">
        <WindowMessages>
          {isLeaving && hasAccount && <DisconnectMessage onDone={() => setLeaving(false)} />}
        </WindowMessages>
        <main className="scroller" tabIndex={0}>
          {isConnecting ? (
            <>
              <h1 className="unseen">Podkeeper</h1>
              <ConnectPage
                onBack={hasAccount && isEnteringKey ? () => setEnteringKey(false) : null}
                tryKey={firstRun.tryKey}
                onAccepted={() => setEnteringKey(false)}
              />
            </>
          ) : isFirstRun ? (
            <>
              <h1 className="unseen">Podkeeper</h1>
              <FirstRun step={firstRun.step} onStep={firstRun.setStep} />
            </>
          ) : (
            pages[name]?.draw({ onEnterKey: enterKey })
          )}
        </main>
        {name === 'pods' && !isConnecting && !isFirstRun && <TerminalDock />}
      </div>
      <Announcement />
      <Dialogs />
    </div>
  )
}
