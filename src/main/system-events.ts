import { app, powerMonitor } from 'electron'
import { WATCHDOG_INTERVAL_MS } from '../core/polling/poll-loop'
import { createNetworkWatch } from '../node/network-watch'
import { createTimeZoneWatch } from '../node/time-zone-watch'
import type { AccountSession } from './account/account-session-types'
import type { PodLinks } from './desktop/pod-links'
import type { FolderChannels } from '../node/channels/folder-channels'
import { installErrorHandlers } from './lifecycle/error-handlers'
import { findLaunchCommand, type Launches } from './lifecycle/launches'
import type { Log } from './lifecycle/log'
import type { Quit } from './lifecycle/quit'
import type { Ssh } from '../ssh/create-ssh'
import type { Ports } from './ports/ports'
import type { Terminals } from './terminals/terminals-types'
import type { Windows } from './windows/windows'

export interface SystemEventsOptions {
  readonly session: AccountSession
  readonly terminals: Pick<Terminals, 'onWake'>
  readonly ports: Pick<Ports, 'onWake'>
  readonly ssh: Pick<Ssh, 'closeKeys'>
  readonly channels: Pick<FolderChannels, 'wake'>
  readonly windows: Pick<Windows, 'showPopover'>
  readonly pauseAlerts: () => void
  readonly launches: Launches
  readonly links: PodLinks
  readonly quit: Quit
  readonly log: Log
}

/** Handles system events: further starts, links, sleep, errors, signals and shutdown. */
export function followSystemEvents(options: SystemEventsOptions): void {
  const { session, terminals, ports, ssh, channels, windows, launches, links, quit, log } = options
  launches.follow((args) => {
    const command = findLaunchCommand(args)
    if (command === 'pause-alerts') options.pauseAlerts()
    else if (command === 'quit') app.quit()
    else if (!links.open(args)) windows.showPopover()
  })
  app.on('before-quit', (event) => quit.onBeforeQuit(event))
  /** Sends the stops that wait for their undo, and waits for the replies. */
  const endWithSystem = (event: string): void => {
    session.suspend()
    quit.force(event)
  }
  const network = createNetworkWatch(() => {
    session.wake()
    channels.wake()
  })
  const timeZone = createTimeZoneWatch((zone) => log.info(`The time zone is ${zone} now.`))
  watchPower(powerMonitor, {
    onSuspend() {
      ssh.closeKeys()
      session.suspend()
    },
    onLock: ssh.closeKeys,
    onResume() {
      timeZone.check()
      session.resume()
      channels.wake()
      terminals.onWake()
      ports.onWake()
    },
    onUnlock: () => session.wake(),
    onShutdown: () => endWithSystem('shutdown'),
  })
  installErrorHandlers(app, log, {
    onError: () => session.checkWatchdog(),
    onSignal: endWithSystem,
  })
  setInterval(() => {
    session.checkWatchdog()
    network.check()
    timeZone.check()
  }, WATCHDOG_INTERVAL_MS)
}

/** The part of Electron's powerMonitor that is used. */
interface PowerSource {
  on(event: 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen', listener: () => void): unknown
  on(event: 'shutdown', listener: (event?: { preventDefault(): void }) => void): unknown
}

interface PowerHandlers {
  readonly onSuspend: () => void
  readonly onResume: () => void
  /** The user left the screen. Not reported on Linux. */
  readonly onLock: () => void
  /** The user returned to the screen. */
  readonly onUnlock: () => void
  /** The session ends within a few seconds. */
  readonly onShutdown: () => void
}

export function watchPower(power: PowerSource, handlers: PowerHandlers): void {
  power.on('suspend', handlers.onSuspend)
  power.on('resume', handlers.onResume)
  power.on('lock-screen', handlers.onLock)
  power.on('unlock-screen', handlers.onUnlock)
  power.on('shutdown', (event) => {
    // Asks the system to wait for an orderly shutdown.
    event?.preventDefault()
    handlers.onShutdown()
  })
}
