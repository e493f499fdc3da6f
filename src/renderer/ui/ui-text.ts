import type { PageName } from '../../shared/ipc'

export const uiText = {
  allAccounts: 'All accounts',
  account: 'Account',
  opening: 'Opening…',
  partMissing: 'Part of Podkeeper is missing or was replaced. Quit Podkeeper and start it again.',
  perHour: (amount: string) => `${amount} per hour`,
  skipToContent: 'Skip to content',
  searchOrRun: 'Search or run a command',
  appName: 'Podkeeper',
  couldNotHide: 'Couldn’t hide the window',
  couldNotOpenPage: 'Couldn’t open the page',
  couldNotLoadPage: 'Couldn’t load this page',
  openPod: (pod: string) => `Open the page of ${pod}`,
} as const

/** What the pages of the main window are called, in navigation and palette. */
export const pageTitles: Readonly<Record<PageName, string>> = {
  pods: 'Pods',
  pod: 'Pod',
  logs: 'Logs',
  'new-pod': 'New pod',
  queue: 'Queue',
  costs: 'Costs',
  terminals: 'Terminals',
  ports: 'Ports',
  files: 'Files',
  volumes: 'Volumes',
  'clean-up': 'Clean up',
  activity: 'Activity',
  settings: 'Settings',
}
