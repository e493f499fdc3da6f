import type { TrayModel } from '../../core/view/tray/tray-model'
import type { AppTray } from './tray'

/** A tray icon that is recreated for every new tray host. */
export interface ResilientTray {
  readonly show: (model: TrayModel) => void
  /** Must be called when the tray host is found or may have changed. `host` is its name; null: none. */
  readonly useHost: (host: string | null) => void
}

export function createResilientTray(first: TrayModel, create: (model: TrayModel) => AppTray): ResilientTray {
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
