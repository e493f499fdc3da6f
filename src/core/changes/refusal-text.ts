/** Why a pod, a volume or an endpoint is not changed. */
export const changeRefusalText = {
  cannotEdit: 'Pods of this account can’t be edited here.',
  noPersistentDisk: 'The pod has no persistent disk, and none can be added.',
  noVolumes: 'This account has no network volumes.',
  noEndpoints: 'This account has no serverless endpoints.',
} as const
