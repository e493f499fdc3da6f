/** Why nothing was created, copied or saved. */
export const creationText = {
  cannotCopy: 'Pods of this account can’t be copied here.',
  variablesHidden: 'Your key can’t read the variables of this pod, so none are copied.',
  variablesNotKept: 'The copied variables were not kept. Open the page from the pod again.',
  variablesOfOther: 'The copied variables belong to a pod in another account.',
  replacedInOther: 'The pod to replace is in another account.',
  replacedGone: 'The pod to replace is no longer listed, so its rules can’t be taken over.',
  pricesChanged: 'Prices or your account changed while you were asked, so nothing was created. Try again.',
  accountChanged: 'That account changed while you were asked, so nothing was created.',
  keyNotMade: (why: string) => `${why} Nothing was created.`,
  notOffered: 'This account doesn’t offer it.',
  /** The name of one without a name. */
  preset: 'Preset',
  noPreset: 'This is not a preset.',
  tooLarge: 'This preset is too large.',
  presetGone: 'That preset no longer exists.',
  notAPreset: (path: string) => `${path} is not a preset.`,
} as const
