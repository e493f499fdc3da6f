export const queueRequestsText = {
  allPods: 'all pods of your account',
  noPreset: (name: string) => `There is no preset ${name}.`,
  filesNotKept: 'Choose the files again: they were not kept.',
  folderNotKept: 'Choose the folder again: it was not kept.',
  sameFileName: 'Two of these files have the same name.',
} as const
