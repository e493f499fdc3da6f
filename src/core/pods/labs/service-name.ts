import { type ManagedPod, managingServiceName } from '../pod'
import type { Provider } from '../provider'

/** What texts call the service whose API an account uses. */
export const serviceNameOf = ({ serviceName }: Pick<Provider, 'serviceName'>): string =>
  serviceName ?? RUNPOD_NAME

/**
 * What texts about a pod call the service that shows it. A pod of the cloud that a lab shows too (`labKey`) stays one of
 * the cloud.
 */
export const serviceOf = ({
  managed,
  labKey,
}: {
  readonly managed?: ManagedPod
  readonly labKey?: string
}): string => (managed === undefined || labKey !== undefined ? RUNPOD_NAME : managingServiceName)

export const RUNPOD_NAME = 'Runpod'
