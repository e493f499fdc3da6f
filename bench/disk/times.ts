/** Half an hour before a month ends, so that its costs take two files. Unix ms. */
export const NOW_MS = Date.UTC(2026, 9, 31, 23, 30)
