export const settingsText = {
  ownWindowOnly: 'This can only be changed in its own window. Nothing was changed.',
  clipboardStaysOff: 'Programs on pods still can’t copy to your clipboard. Nothing was changed.',
  chooseAgain: 'Choose the file again.',
  pauseNotSaved: (why: string) => `The alert pause could not be saved: ${why}`,
  /** `copy`: where the unusable file is kept; null where that failed. */
  configUnusable: (why: string, isLastGood: boolean, copy: string | null, folder: string) =>
    `config.json could not be used, since ${why}. ${usedInstead(isLastGood)}; ${
      copy === null ? `no copy of the file could be made in ${folder}` : `the file is kept as ${copy}`
    }.`,
  configUnreadable: (why: string, isLastGood: boolean, copy: string) =>
    `config.json could not be read (${why}). ${usedInstead(isLastGood)}; it is kept as ${copy}.`,
  addressProblem: (problem: string) => `The address ${problem}.`,
  otherWriter: 'another program is writing it',
} as const

const usedInstead = (isLastGood: boolean): string =>
  isLastGood ? 'Its last good copy is used' : 'All settings are back to their defaults'
