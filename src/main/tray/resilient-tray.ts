import type { TrayModel } from '../../core/view/tray-model'
import type { AppTray } from './tray'

/** A tray icon that is made anew on every tray that comes. */
export interface ResilientTray {
  readonly show: (model: TrayModel) => void
  /** To be called when the tray is found, and whenever it may be another one: `host` names it, null: none. */
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
      // Where a tray went, its icon may stay: without one, an older kind of tray may still show it.
      if (icon !== null && (host === null || host === createdFor)) return
      icon?.destroy()
      createdFor = host
      icon = create(model)
    },
  }
}
