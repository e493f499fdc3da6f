/** Longer lines are no prompts. */
export const MAX_PROMPT_CHARS = 200

/** A prompt to compare with others: a clock or a counter in it doesn't make it another one. "" for a line without text. */
export const promptText = (line: string): string =>
  line.length > MAX_PROMPT_CHARS ? '' : line.trimEnd().replace(/\d+/g, '0')
