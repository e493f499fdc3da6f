import type { Provider } from '../provider'

/** What texts call the service whose API an account uses. */
export const providerName = ({ serviceName }: Pick<Provider, 'serviceName'>): string =>
  serviceName ?? RUNPOD_NAME

export const RUNPOD_NAME = 'Runpod'
