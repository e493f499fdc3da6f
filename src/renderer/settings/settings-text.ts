import type { ImportPreview } from '../../shared/requests/settings-requests'

export const settingsText = {
  title: 'Settings',
  sections: 'Settings sections',
  search: 'Search settings',
  inTrayMenu: 'In the tray menu',
  results: (count: number) => (count === 0 ? 'No results' : count === 1 ? '1 result' : `${count} results`),
  change: 'Change…',
  chooseFile: 'Choose file…',
  rangeTo: 'to',
  reset: (label: string) => `Reset ${label} to default`,
} as const

export const testNotificationText = {
  title: 'Test notification',
  send: 'Send',
  sendAgain: 'Send again',
  seen: 'I saw it',
  unseen: 'I didn’t',
  notSent: 'No notification was sent',
} as const

/** What is known of a test notification. */
export type NotificationTest = 'none' | 'sending' | 'sent' | 'seen' | 'unseen' | 'failed'

export function notificationTestText(result: NotificationTest): string {
  switch (result) {
    case 'none':
      return 'See whether your system shows alerts'
    case 'sending':
      return 'Sending…'
    case 'sent':
      return 'Sent. Did you see it?'
    case 'seen':
      return 'Good. Alerts will look like this.'
    case 'unseen':
      return missingNotificationText()
    case 'failed':
      return `Your system rejected the notification. ${missingNotificationText()}`
  }
}

/** What to check when a notification did not appear. */
export function missingNotificationText(platform = navigator.platform): string {
  if (platform.startsWith('Mac'))
    return 'Check System Settings › Notifications › Podkeeper, and whether a Focus is on.'
  if (platform.startsWith('Win'))
    return 'Check Settings › System › Notifications, and whether “Do not disturb” is on.'
  return 'Check your desktop’s notification settings, and whether “Do not disturb” is on.'
}

export const transferText = {
  title: 'Export and import',
  help: 'Settings only, never keys or accounts',
  export: 'Export…',
  import: 'Import…',
  exported: (path: string) => `Exported to ${path}.`,
  noChange: (preview: ImportPreview) => `This file changes nothing.${notImportedText(preview)}`,
  fileChanges: 'This file changes:',
  apply: 'Import changes',
  imported: (count: number) => `Imported: ${count === 1 ? '1 setting' : `${count} settings`} changed.`,
} as const

/** No file may decide where keys are sent, and which private key is used. */
export function notImportedText({ left }: ImportPreview): string {
  return left.length === 0 ? '' : ` Not imported, because a file may not set them: ${left.join(', ')}.`
}
