/** Why a pod or a volume is not changed. */
export const changeRefusalText = {
  cannotEdit: 'Pods of this account can’t be edited here.',
  noPersistentDisk: 'The pod has no persistent disk, and none can be added.',
  noVolumes: 'This account has no network volumes.',
} as const
