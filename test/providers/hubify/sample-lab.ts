import type { Provider, ProviderError } from '../../../src/core/pods/provider'
import type { Result } from '../../../src/core/base/result'
import { createHubifyKey, type HubifyKey, type HubifyKeyOptions } from '../../../src/providers/hubify/key'
import type { TestServer } from '../../harness/http/http-server'
import { createManualClock } from '../../harness/base/manual-clock'

export const API_KEY = 'hfy_key_TESTKEY0123456789'
export const LAB = { id: 'j57a8k9m2n3p4q5r', slug: 'dark-energy' } as const

/** A running pod of a lab with made-up values, under the names that the documents suggest. */
export function sampleLabPod(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    _id: 'pod_abc123',
    labId: LAB.id,
    provider: 'runpod',
    runpodPodId: 'k3v9x1m2',
    gpuType: 'H200 SXM',
    gpuCount: 1,
    status: 'running',
    sshHost: '205.196.19.52',
    sshPort: 11_452,
    hourlyCostUsd: 3.99,
    createdAt: Date.parse('2026-11-24T09:00:00Z'),
    volumeSize: 100,
    env: { SECRET_TOKEN: 'canary-5b1f' },
    ...more,
  }
}

export interface Connected {
  readonly key: HubifyKey
  readonly lab: Provider
  readonly clock: ReturnType<typeof createManualClock>
}

/** A lab of a key at this server. */
export function connectLab(
  server: Pick<TestServer, 'origin'>,
  usesAnnouncedRoutes: boolean | (() => boolean) = false,
  more: Partial<HubifyKeyOptions> = {},
): Connected {
  const clock = createManualClock()
  const key = createHubifyKey({
    baseUrl: server.origin,
    hosts: 'loopback-only',
    apiKey: API_KEY,
    version: '1.2.3',
    now: clock.now,
    random: () => 0.5,
    sleep: clock.sleep,
    ...more,
  })
  const lab = key.lab(LAB, () => ({
    usesAnnouncedRoutes:
      typeof usesAnnouncedRoutes === 'function' ? usesAnnouncedRoutes() : usesAnnouncedRoutes,
  }))
  return { key, lab, clock }
}

export function errorOf(result: Result<unknown, ProviderError>): ProviderError {
  if (result.ok) throw new Error('expected an error')
  return result.error
}

export function valueOf<T>(result: Result<T, ProviderError>): T {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
