import { terminalsText } from './terminals-text'

/** Resets modes that an interrupted program may have set, without clearing the screen. */
export function resetSequence(isOnAlternateScreen: boolean): string {
  return [
    // Cancels an incomplete sequence.
    '\x18',
    // Only when on the alternate screen; elsewhere it would move the cursor.
    isOnAlternateScreen ? '\x1b[?1049l' : '',
    ...[1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2026].map((mode) => `\x1b[?${mode}l`),
    // Line feeds that return the carriage.
    '\x1b[20l',
    // Soft reset: colors, margins, key and cursor modes.
    '\x1b[!p\x1b[?25h',
  ].join('')
}

/** On its own line, in gray. Dimmed text would be too pale on white. */
export const CONNECTION_LOST_LINE = `\r\n\x1b[90m— ${terminalsText.connectionLostMark} —\x1b[0m\r\n`
