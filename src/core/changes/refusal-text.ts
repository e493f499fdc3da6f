/** Why a pod, a volume, a template or an endpoint is not changed. */
export const changeRefusalText = {
  cannotEdit: 'Pods of this account can’t be edited here.',
  noPersistentDisk: 'The pod has no persistent disk, and none can be added.',
  noVolumes: 'This account has no network volumes.',
  noTemplates: 'Templates of this account can’t be deleted here.',
  templateChanged: 'That template has changed or is gone, so nothing was done. Check it and try again.',
  templatesUnread: (problem: string) => `Nothing was done, since the templates could not be read: ${problem}`,
  noEndpoints: 'This account has no serverless endpoints.',
} as const
