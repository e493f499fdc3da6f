import { formatAgo } from '../../base/text/format'
import type { Result } from '../../base/result'
import { MINUTE_MS } from '../../base/time/time'
import { type AccountLimits, type TemplateSource, templateSources } from '../../pods/catalog'
import { type CloudTier, cloudTiers } from '../../pods/pod-request'
import type { Provider, ProviderError } from '../../pods/provider'
import type { FormContext, PodForm } from './pod-form'

/** What a form is about, as far as prices and stock depend on it. */
export interface CatalogQuery {
  readonly clouds: readonly CloudTier[]
  readonly gpuCount: number
  /** Null: the form is about GPUs. */
  readonly vcpuCount: number | null
  readonly hasTemplates: boolean
}

/** What is read for a form, which may have any numbers. */
export const catalogQueryOf = (
  { clouds, gpuCount, vcpuCount, hardware }: PodForm,
  hasTemplates: boolean,
): CatalogQuery => ({
  clouds,
  gpuCount: isCatalogCount(gpuCount) ? gpuCount : 1,
  vcpuCount: hardware === 'gpu' ? null : isCatalogCount(vcpuCount) ? vcpuCount : 2,
  hasTemplates,
})

const isCatalogCount = (count: number): boolean => Number.isInteger(count) && count >= 1 && count <= 1_000

/** What an account can choose from. Null: not read, or it could not be. */
export interface FormCatalog extends Omit<FormContext, 'podNames' | 'spending'> {
  readonly limits: AccountLimits | null
}

/** A catalog, and what could not be read of it, as sentences. */
export interface CatalogReading {
  readonly catalog: FormCatalog
  readonly unread: readonly string[]
}

export type CatalogSource = Pick<
  Provider,
  | 'listGpus'
  | 'listCpus'
  | 'listDataCenters'
  | 'listNetworkVolumes'
  | 'listSecretNames'
  | 'readSshKeys'
  | 'readAccountLimits'
  | 'listTemplates'
>

/** Reads all of it at once. What cannot be read is not checked, and the server decides. */
export async function readCatalog(source: CatalogSource, query: CatalogQuery): Promise<CatalogReading> {
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
  const isKnown = <T>(answer: Result<T, ProviderError> | undefined): T | null =>
    answer?.ok === true ? answer.value : null
  const gpusOf = async (cloud: CloudTier) =>
    query.clouds.includes(cloud) && query.vcpuCount === null
      ? read('The GPUs', source.listGpus?.({ cloud, count: query.gpuCount }))
      : null
  const templatesOf = (from: TemplateSource) => read('The templates', source.listTemplates?.(from))
  const [gpus, cpus, dataCenters, volumes, secretNames, sshKeys, limits, templates] = await Promise.all([
    Promise.all(cloudTiers.map(gpusOf)),
    query.vcpuCount === null ? null : read('The CPUs', source.listCpus?.(query.vcpuCount)),
    read('The data centers', source.listDataCenters?.()),
    read('The network volumes', source.listNetworkVolumes?.()),
    // A key may not be allowed these, and the server checks them.
    source.listSecretNames?.(),
    read('The SSH keys', source.readSshKeys?.()),
    source.readAccountLimits?.(),
    query.hasTemplates ? Promise.all(templateSources.map(templatesOf)) : [],
  ])
  const [secure = null, community = null] = gpus
  return {
    unread: [...new Set(unread)],
    catalog: {
      gpus: { SECURE: secure, COMMUNITY: community },
      cpus,
      dataCenters,
      volumes,
      templates: templates.flatMap((list) => list ?? []),
      secretNames: isKnown(secretNames),
      sshKeyCount: sshKeys === null ? null : sshKeys.length,
      limits: isKnown(limits),
    },
  }
}

const STALE_AFTER_MS = 5 * MINUTE_MS

/** The age of prices and stock, once it matters; null while they are fresh. Unix ms. */
export function staleCatalogText(readAtMs: number, nowMs: number): string | null {
  const ageMs = nowMs - readAtMs
  return ageMs < STALE_AFTER_MS ? null : `Prices and stock were read ${formatAgo(ageMs)}.`
}
