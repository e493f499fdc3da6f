import type { CloudTier } from '../../../core/pods/pod-request'
import { templateSources } from '../../../core/pods/catalog'
import type { Provider, ProviderError } from '../../../core/pods/provider'
import type { FormContext } from '../../../core/creation/form/pod-form'
import type { Result } from '../../../core/base/result'

export interface ContextQuery {
  readonly clouds: readonly CloudTier[]
  readonly gpuCount: number
  readonly vcpuCount: number | null
  readonly hasTemplate: boolean
  readonly podNames: readonly string[]
  /** USD per hour that the account costs now. */
  readonly burnPerHourUsd: number
}

/**
 * What a form is checked against, read at once. What cannot be read is not checked, and the server decides; `unread` says
 * what.
 */
export async function readFormContext(
  provider: Provider,
  query: ContextQuery,
): Promise<{ readonly context: FormContext; readonly unread: readonly string[] }> {
  const unread: string[] = []
  async function read<T>(
    what: string,
    request: Promise<Result<T, ProviderError>> | undefined,
  ): Promise<T | null> {
    const answer = await request
    if (answer === undefined || answer.ok) return answer?.value ?? null
    unread.push(`${what} could not be read: ${answer.error.message}`)
    return null
  }
  const gpusOf = (cloud: CloudTier) =>
    query.clouds.includes(cloud) && query.vcpuCount === null
      ? read('The GPUs', provider.listGpus?.({ cloud, count: query.gpuCount }))
      : null
  const [secure, community, cpus, dataCenters, volumes, secretNames, sshKeys, limits, balance, templates] =
    await Promise.all([
      gpusOf('SECURE'),
      gpusOf('COMMUNITY'),
      query.vcpuCount === null ? null : read('The CPUs', provider.listCpus?.(query.vcpuCount)),
      read('The data centers', provider.listDataCenters?.()),
      read('The network volumes', provider.listNetworkVolumes?.()),
      // A key may not be allowed these, and the server checks them.
      provider.listSecretNames?.(),
      read('The SSH keys', provider.readSshKeys?.()),
      provider.readAccountLimits?.(),
      provider.readBalance?.(),
      query.hasTemplate
        ? Promise.all(
            templateSources.map((source) => read('The templates', provider.listTemplates?.(source))),
          )
        : [],
    ])
  return {
    unread,
    context: {
      gpus: { SECURE: secure, COMMUNITY: community },
      cpus,
      dataCenters,
      volumes,
      templates: templates.flatMap((list) => list ?? []),
      secretNames: secretNames?.ok === true ? secretNames.value : null,
      sshKeyCount: sshKeys === null ? null : sshKeys.length,
      podNames: query.podNames,
      spending: {
        balance:
          balance?.ok === true
            ? {
                kind: 'known',
                usd: balance.value.balanceUsd,
                spendPerHourUsd: balance.value.spendPerHourUsd,
                atMs: 0,
              }
            : { kind: 'not-asked' },
        burn: { perHourUsd: query.burnPerHourUsd, isAtLeast: false },
        money: null,
        limits: limits?.ok === true ? limits.value : null,
      },
    },
  }
}
