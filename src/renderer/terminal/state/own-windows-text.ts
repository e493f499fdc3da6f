/** Of what leads to terminals in windows of their own. */
export const ownWindowsText = {
  inOwnWindows: 'In their own windows',
  show: (tab: string) => `Show the window of ${tab}`,
  couldNotShow: 'Couldn’t show the window',
} as const
