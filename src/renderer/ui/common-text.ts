/** Labels of buttons that mean the same wherever they stand. */
export const commonText = {
  cancel: 'Cancel',
  close: 'Close',
  copy: 'Copy',
  dismiss: 'Dismiss',
  tryAgain: 'Try again',
  tryNow: 'Try now',
} as const
