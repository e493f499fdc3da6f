import type { MenuItemConstructorOptions } from 'electron'

/**
 * The menu bar: none, but on macOS, where copy, paste and close are strokes of the menu bar and of nothing else.
 */
export function menuBar(platform: NodeJS.Platform): MenuItemConstructorOptions[] | null {
  return platform === 'darwin' ? [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }] : null
}
