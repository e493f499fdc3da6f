/** What to check when a notification did not appear. */
export function missingNotificationText(platform = navigator.platform): string {
  if (platform.startsWith('Mac'))
    return 'Check System Settings › Notifications › Podkeeper, and whether a Focus is on.'
  if (platform.startsWith('Win'))
    return 'Check Settings › System › Notifications, and whether “Do not disturb” is on.'
  return 'Check your desktop’s notification settings, and whether “Do not disturb” is on.'
}
