import { fail, type Result } from '../base/result'
import type { Pod } from '../pods/pod'
import type { Environment } from '../pods/pod-request'
import type { Provider, ProviderError } from '../pods/provider'
import type { CreateCandidate } from './create-plan'

export type CreateSender = Pick<Provider, 'createPod' | 'createLabPod'>

/** The only place that sends a create. */
export async function sendCreate(
  provider: CreateSender,
  { pod }: CreateCandidate,
  environment: Environment,
): Promise<Result<Pod | null, ProviderError>> {
  if (pod.kind === 'cloud') {
    const { kind: _, ...request } = pod
    return (await provider.createPod?.({ ...request, environment })) ?? fail(noCreate)
  }
  const { kind: _, ...spec } = pod
  return (await provider.createLabPod?.({ ...spec, environment })) ?? fail(noCreate)
}

const noCreate: ProviderError = {
  kind: 'invalid',
  message: 'This account can’t create this kind of pod.',
  status: null,
  retryAfterMs: null,
  requestId: null,
}
