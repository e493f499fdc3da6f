import { setTimeout as delay } from 'node:timers/promises'
import { createBacklog } from '../../core/base/backlog'
import type { TrayCommand } from '../../core/view/tray/tray-menu'
import { createResilientTray, type ResilientTray } from './resilient-tray'
import { createTray, type TrayHandlers } from './tray'
import { createTrayHost, type TrayHost } from './tray-host'
import { trayText } from './tray-text'

/** The icon, which is there before the rest of the app. */
export interface EarlyTray {
  readonly host: TrayHost
  readonly show: ResilientTray['show']
  /** Takes over. What was clicked before is done now. */
  readonly connect: (handlers: TrayHandlers, report: (what: string, cause?: unknown) => void) => void
  /** Resolves once the icon is there, or not to be waited for. */
  readonly shown: Promise<void>
}

/** A bus that doesn't reply, and a tray that doesn't take the icon, delay the rest of the app by no more. */
const LONGEST_WAIT_MS = 100

/** `isAlone`: no window is going to be shown, so the rest of the app can wait until the tray took the icon. */
export function createEarlyTray(whenReady: Promise<void>, isAlone: boolean): EarlyTray {
  const problems = createBacklog<[what: string, cause?: unknown]>()
  const commands = createBacklog<[TrayCommand]>()
  const clicks = createBacklog<[Electron.Rectangle]>()
  const host = createTrayHost(problems.push)
  const tray = createResilientTray(trayText.starting, (model) =>
    createTray(model, { onCommand: commands.push, onClick: clicks.push }),
  )
  async function showFirst(): Promise<void> {
    await whenReady
    const end = delay(LONGEST_WAIT_MS)
    host.onChange(tray.useHost)
    const name = host.name()
    if (name !== null) tray.useHost(name)
    await Promise.race([host.known, end])
    // Connecting the rest would keep Electron from registering the icon.
    if (isAlone && host.name() !== null) await Promise.race([host.itemTaken, end])
  }
  return {
    host,
    show: tray.show,
    connect(handlers, report) {
      problems.follow(report)
      commands.follow((command) => handlers.onCommand(command))
      clicks.follow((bounds) => handlers.onClick(bounds))
    },
    shown: showFirst(),
  }
}
