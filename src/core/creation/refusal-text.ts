/** Why a pod is not created, or a create not taken back. */
export const creationRefusalText = {
  cannotCreate: 'Pods of this account can’t be created here.',
  requestUnknown: 'That request is no longer known.',
} as const
