export const queueRequestsText = {
  allPods: 'all pods of your account',
  noPreset: (name: string) => `There is no preset ${name}.`,
  filesNotKept: 'Choose the files again: they were not kept.',
  folderNotKept: 'Choose the folder again: it was not kept.',
  scheduleChanged: 'Auto-schedule changed in the meantime, so this change was not made. Try again.',
  sameFileName: 'Two of these files have the same name.',
} as const
