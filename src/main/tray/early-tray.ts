import { setTimeout as delay } from 'node:timers/promises'
import { createBacklog } from '../../core/base/backlog'
import { createListeners } from '../../core/base/listeners'
import type { TrayCommand } from '../../core/view/tray/tray-menu'
import type { TrayModel } from '../../core/view/tray/tray-model'
import { type AppTray, createTray, type TrayHandlers } from './tray'
import { sessionBusAddress, watchTrayHost } from './tray-host-watcher'
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

/** The program that shows tray icons: its name, or null when there is none. */
interface TrayHost {
  name(): string | null
  /** Calls back when the host may have changed. */
  readonly onChange: (listener: (name: string | null) => void) => () => void
  /** Resolves after the first answer. */
  readonly known: Promise<void>
  /** Resolves once it took an icon, of any program; at once where that can't be seen. */
  readonly itemTaken: Promise<void>
}

/** Only Linux has desktops without a tray, so it is detected there. */
function createTrayHost(report: (what: string, cause?: unknown) => void): TrayHost {
  const listeners = createListeners<[string | null]>()
  const now = Promise.resolve()
  if (process.platform !== 'linux')
    return { name: () => 'system', onChange: listeners.add, known: now, itemTaken: now }
  let name: string | null = null
  function onHost(next: string | null): void {
    name = next
    listeners.notify(next)
  }
  let onItem = (): void => {}
  const itemTaken = new Promise<void>((resolve) => (onItem = resolve))
  const known = watchTrayHost(sessionBusAddress(process.env), { onHost, onItem }, report).then(onHost)
  return { name: () => name, onChange: listeners.add, known, itemTaken }
}

/** A tray icon that is recreated for every new tray host. */
interface ResilientTray {
  readonly show: (model: TrayModel) => void
  /** Must be called when the tray host is found or may have changed. `host` is its name; null: none. */
  readonly useHost: (host: string | null) => void
}

function createResilientTray(first: TrayModel, create: (model: TrayModel) => AppTray): ResilientTray {
  let model = first
  let icon: AppTray | null = null
  let createdFor: string | null = null
  return {
    show(next) {
      model = next
      icon?.show(next)
    },
    useHost(host) {
      // When the tray host disappears, the icon is kept, because an older kind of tray may still show it.
      if (icon !== null && (host === null || host === createdFor)) return
      icon?.destroy()
      createdFor = host
      icon = create(model)
    },
  }
}
