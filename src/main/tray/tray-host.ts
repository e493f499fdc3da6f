import { createListeners } from '../../core/base/listeners'
import { sessionBusAddress, watchTrayHost } from './tray-host-watcher'

/** The program that shows tray icons: its name, or null when there is none. */
export interface TrayHost {
  name(): string | null
  /** Calls back when the host may have changed. */
  readonly onChange: (listener: (name: string | null) => void) => () => void
  /** Resolves after the first answer. */
  readonly known: Promise<void>
  /** Calls back when it took an icon, of any program. */
  readonly onItem: (listener: () => void) => () => void
}

/** Only Linux has desktops without a tray, so it is detected there. */
export function createTrayHost(report: (what: string, cause?: unknown) => void): TrayHost {
  const listeners = createListeners<[string | null]>()
  const itemListeners = createListeners()
  let name = process.platform === 'linux' ? null : 'system'
  function set(next: string | null): void {
    name = next
    listeners.notify(next)
  }
  const known =
    process.platform === 'linux'
      ? watchTrayHost(
          sessionBusAddress(process.env),
          { onHost: set, onItem: itemListeners.notify },
          report,
        ).then(set)
      : Promise.resolve()
  return { name: () => name, onChange: listeners.add, known, onItem: itemListeners.add }
}
