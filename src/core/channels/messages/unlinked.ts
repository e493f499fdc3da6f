/** It shows nothing and joins what is around it. */
const WORD_JOINER = '\u2060'

/** The same text for a reader, of which a service makes no link, mention, tag or command. */
export const unlinked = (text: string): string =>
  text.replace(/([@#/$.:])(?=[\p{L}\p{N}_/])/gu, `$1${WORD_JOINER}`)
