/** What a command did not do: the last sentence of an error. */
export const nothingText = {
  added: 'Nothing was added.',
  done: 'Nothing was done.',
  changed: 'Nothing was changed.',
  created: 'Nothing was created.',
  saved: 'Nothing was saved.',
} as const

/** `why`: a sentence. */
export const withNothing = (why: string, what: keyof typeof nothingText): string =>
  `${why} ${nothingText[what]}`

/** Of a change that has to be confirmed. */
export const changeNeedsYes = withNothing('Without a terminal, confirm with --yes.', 'changed')
