/** Texts for a form that was filled in like another pod. */
export const prefillText = {
  couldNotFillIn: 'Couldn’t fill in the form',
  entriesReplaced: 'Your earlier entries were replaced.',
  podNotRead: (why: string) => `The other pod could not be read, so none of its variables are copied. ${why}`,
} as const

/** By which a pod is named where its hardware has no name. */
export const podLabels = { cpu: 'cpu pod', gpu: 'pod' } as const
