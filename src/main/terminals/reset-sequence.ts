/** Undoes what a program may have set and, cut off, could not take back; what is on the screen stays. */
export function resetSequence(isOnAlternateScreen: boolean): string {
  return [
    // Cancels a sequence of which only the beginning came.
    '\x18',
    // Only from there: elsewhere it would move the cursor.
    isOnAlternateScreen ? '\x1b[?1049l' : '',
    ...[1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2026].map((mode) => `\x1b[?${mode}l`),
    // Soft reset: colours, margins, modes of keys and cursor.
    '\x1b[!p\x1b[?25h',
  ].join('')
}

/** On a line of its own, dim. */
export const CONNECTION_LOST_LINE = '\r\n\x1b[2m— connection lost —\x1b[0m\r\n'
