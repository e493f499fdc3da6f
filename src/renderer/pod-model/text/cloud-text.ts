import type { CloudTier } from '../../../core/pods/pod-request'

export const cloudLabels: { readonly [K in CloudTier]: string } = {
  SECURE: 'Secure',
  COMMUNITY: 'Community',
}

/** The label of the cloud that a pod is in; another one is shown as the API names it. */
export const cloudText = (cloud: string): string =>
  Object.hasOwn(cloudLabels, cloud) ? cloudLabels[cloud as CloudTier] : cloud
