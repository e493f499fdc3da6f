import type { Provider, ProviderError } from '../../core/pods/provider'
import type { TemplateSource } from '../../core/pods/catalog'
import { fail, ok, type Result } from '../../core/base/result'
import type { Instant } from '../../core/base/time/time'
import { localError } from '../http/local-error'
import { type Page, readPages } from '../http/read-pages'
import { isPlainId } from '../wire/wire-values'
import type { RunpodClient } from './client'
import { parsePage } from './parse/parse-page'
import { parseVolume, parseVolumes } from './parse/parse-bills'
import {
  parseCpus,
  parseDataCenters,
  parseGpus,
  parseLimits,
  parseSecretNames,
  parseTemplates,
} from './parse/parse-catalog'
import { parseSecretTemplates } from './parse/parse-templates'

type CatalogReads = Required<
  Pick<
    Provider,
    | 'listGpus'
    | 'listCpus'
    | 'listDataCenters'
    | 'listTemplates'
    | 'listSecretTemplates'
    | 'listSecretNames'
    | 'readAccountLimits'
  >
>

/** What the account can choose from. */
export function createCatalogReads(client: RunpodClient, now: () => Instant): CatalogReads {
  return {
    listGpus: async ({ cloud, count }) =>
      parsed(
        await client.get('/catalog/gpus', { ...podStock, count: String(count), cloud }),
        parseGpus,
        'a list of GPUs',
      ),
    listCpus: async (vcpuCount) =>
      parsed(
        await client.get('/catalog/cpus', { ...podStock, vcpuCount: String(vcpuCount) }),
        parseCpus,
        'a list of CPUs',
      ),
    listDataCenters: async () =>
      parsed(
        await client.get('/catalog/datacenters', { include: 'GPU_AVAILABILITY' }),
        parseDataCenters,
        'a list of data centers',
      ),
    listTemplates: async (source) =>
      parsed(templatesReply(await readTemplates(client, source, now)), parseTemplates, 'a list of templates'),
    async listSecretTemplates() {
      const read = await readTemplates(client, 'own', now)
      return read.ok ? ok(parseSecretTemplates(read.value.entries, read.value.isComplete)) : read
    },
    listSecretNames: async () =>
      parsed(await client.get('/account/secrets'), parseSecretNames, 'a list of secrets'),
    readAccountLimits: async () =>
      parsed(await client.get('/account/limits'), parseLimits, 'a list of limits'),
  }
}

const podStock = { include: 'AVAILABILITY', product: 'POD' }

/** A page has 1,000. */
const MAX_TEMPLATE_PAGES = 10

/** All pages as one list. What is beyond the last page that is read is left out. */
async function readTemplates(
  client: RunpodClient,
  source: TemplateSource,
  now: () => Instant,
): Promise<Result<Omit<Page, 'nextCursor'>, ProviderError>> {
  const path = source === 'own' ? '/templates' : '/catalog/templates'
  return readPages(
    (cursor, maxMs) =>
      client.get(path, { ...(source !== 'own' && { source }), ...(cursor !== null && { cursor }) }, maxMs),
    (reply) => parsePage(reply, 'templates'),
    now,
    { what: 'templates', maxPages: MAX_TEMPLATE_PAGES },
  )
}

const templatesReply = (
  read: Result<Omit<Page, 'nextCursor'>, ProviderError>,
): Result<unknown, ProviderError> => (read.ok ? ok({ templates: read.value.entries }) : read)

type VolumeRequests = Required<
  Pick<Provider, 'listNetworkVolumes' | 'createNetworkVolume' | 'changeNetworkVolume' | 'deleteNetworkVolume'>
>

/** The path of one thing of a list. */
const pathIn = (list: string, id: string, what: string): Result<string, ProviderError> =>
  isPlainId(id) && id !== '.' && id !== '..'
    ? ok(`${list}/${encodeURIComponent(id)}`)
    : fail(localError('invalid', `This is not the id of a ${what}.`))

export function createTemplateDelete(client: RunpodClient): Required<Pick<Provider, 'deleteTemplate'>> {
  return {
    async deleteTemplate(id) {
      const path = pathIn('/templates', id, 'template')
      if (!path.ok) return path
      const answer = await client.send('DELETE', path.value)
      return answer.ok ? ok(undefined) : answer
    },
  }
}

export function createVolumeRequests(client: RunpodClient): VolumeRequests {
  const pathOf = (id: string): Result<string, ProviderError> =>
    pathIn('/network-volumes', id, 'network volume')
  return {
    listNetworkVolumes: async () =>
      parsed(await client.get('/network-volumes'), parseVolumes, 'a list of network volumes'),
    async createNetworkVolume({ name, sizeGb, dataCenterId, kind }) {
      const type = kind === 'standard' ? 'STANDARD' : 'HIGH_PERFORMANCE'
      const body = { name, size: sizeGb, dataCenter: dataCenterId, type }
      return parsed(await client.send('POST', '/network-volumes', body), parseVolume, 'a network volume')
    },
    async changeNetworkVolume(id, { name, sizeGb }) {
      const path = pathOf(id)
      if (!path.ok) return path
      const body = { ...(name !== undefined && { name }), ...(sizeGb !== undefined && { size: sizeGb }) }
      return parsed(await client.send('PATCH', path.value, body), parseVolume, 'a network volume')
    },
    async deleteNetworkVolume(id) {
      const path = pathOf(id)
      if (!path.ok) return path
      const answer = await client.send('DELETE', path.value)
      return answer.ok ? ok(undefined) : answer
    },
  }
}

/** What a response holds; unreadable: it is not what was asked for. */
export function parsed<T>(
  answer: Result<unknown, ProviderError>,
  parse: (value: unknown) => T | null,
  what: string,
): Result<T, ProviderError> {
  if (!answer.ok) return answer
  const value = parse(answer.value)
  return value === null ? fail(localError('unreadable', `The response is not ${what}.`)) : ok(value)
}
