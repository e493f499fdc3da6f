/** Labels of buttons, and hints, that mean the same wherever they stand. */
export const commonText = {
  cancel: 'Cancel',
  clearSearch: 'Clear the search',
  close: 'Close',
  copy: 'Copy',
  dismiss: 'Dismiss',
  escKey: 'Esc',
  enterKey: 'Enter',
  shiftEnterKey: 'Shift Enter',
  previousMatch: 'Previous match',
  nextMatch: 'Next match',
  couldNotOpenService: (service: string) => `Couldn’t open ${service}`,
  moveHint: 'Drag to reorder, or press Alt+↑ or Alt+↓',
  openService: (service: string) => `Open ${service}`,
  tryAgain: 'Try again',
  tryNow: 'Try now',
} as const
