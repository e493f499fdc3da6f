/** Labels of buttons, and hints, that mean the same wherever they stand. */
export const commonText = {
  cancel: 'Cancel',
  clearSearch: 'Clear the search',
  close: 'Close',
  copy: 'Copy',
  dismiss: 'Dismiss',
  moveHint: 'Drag to reorder, or press Alt+↑ or Alt+↓',
  tryAgain: 'Try again',
  tryNow: 'Try now',
} as const
