/** Where the tray icon is on this platform. */
export function trayLocationText(platform = navigator.platform): string {
  switch (desktopKind(platform)) {
    case 'mac':
      return 'Podkeeper stays in the menu bar at the top right: its shape says how things stand, a click opens it.'
    case 'windows':
      return 'Podkeeper stays at the right end of the taskbar, perhaps behind the “^”: its shape says how things stand, a click opens it.'
    case 'other':
      return 'Podkeeper stays in the tray of your panel: its shape says how things stand, a click opens it. A desktop without a tray keeps it as a minimised window.'
  }
}

/** What to check when a notification did not appear. */
export function missingNotificationText(platform = navigator.platform): string {
  const fallbackText = 'The tray icon and this window tell it all the same.'
  switch (desktopKind(platform)) {
    case 'mac':
      return `See System Settings › Notifications › Podkeeper, and whether a Focus is on. ${fallbackText}`
    case 'windows':
      return `See Settings › System › Notifications, and whether “Do not disturb” is on. ${fallbackText}`
    case 'other':
      return `See whether your desktop shows notifications, and whether “Do not disturb” is on. ${fallbackText}`
  }
}

function desktopKind(platform: string): 'mac' | 'windows' | 'other' {
  if (platform.startsWith('Mac')) return 'mac'
  return platform.startsWith('Win') ? 'windows' : 'other'
}
