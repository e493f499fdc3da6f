import * as v from 'valibot'
import { bills, handleBilling } from './billing/billing'
import { readBody } from '../http/body'
import {
  handleCpu,
  handleCpus,
  handleDataCenter,
  handleDataCenters,
  handleGpu,
  handleGpus,
} from './catalog/catalog'
import { json } from '../http/reply'
import type { World } from '../world/world'
import type { Route } from './route'
import { serverlessRoutes } from './serverless-routes'
import { volumeRoutes } from './volume-routes'
import {
  handleCatalogTemplates,
  handleOwnTemplates,
  handleTemplate,
  handleTemplateDelete,
} from './catalog/templates'

const publicKey = v.pipe(
  v.string(),
  v.regex(/^(ssh|ecdsa|sk)-\S+ \S+([ \t][^\n\r]*)?$/, 'a public key on one line is needed'),
)
const keysBody = v.strictObject({ keys: v.array(publicKey) })

/** Its value is never told. */
function secretOf(name: string, world: World): Readonly<Record<string, string>> {
  const createdAt = new Date(world.time.toWallMs(0)).toISOString()
  return { id: `sec_${name}`, name, description: '', createdAt, valueLastUpdatedAt: createdAt }
}

const billing = (path: string, bill: keyof typeof bills): Route => ({
  method: 'GET',
  path,
  handle: ({ query, world }) => handleBilling(bills[bill], query, world),
})

/** Everything about an account except its pods. */
export const accountRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v2/account/ssh-keys',
    handle: ({ world }) => json({ keys: world.keys.current }),
  },
  {
    method: 'PUT',
    path: '/v2/account/ssh-keys',
    isWrite: true,
    handle: ({ body, world }) => {
      const read = readBody(keysBody, body)
      if (!read.ok) return read.reply
      world.keys.replace(read.value.keys, world.nowMs())
      return json({ keys: world.keys.current })
    },
  },
  ...volumeRoutes,
  ...serverlessRoutes,
  {
    method: 'GET',
    path: '/v2/account/secrets',
    handle: ({ world }) =>
      json({ secrets: world.conditions.secretNames.map((name) => secretOf(name, world)) }),
  },
  {
    method: 'GET',
    path: '/v2/account/limits',
    handle: ({ world }) => json({ spendRate: world.conditions.spendLimitUsd }),
  },
  {
    method: 'GET',
    path: '/v2/templates',
    handle: ({ query, options, world }) => handleOwnTemplates(query, options, world),
  },
  { method: 'GET', path: '/v2/templates/:id', handle: ({ id, world }) => handleTemplate(id, world) },
  {
    method: 'DELETE',
    path: '/v2/templates/:id',
    isWrite: true,
    handle: ({ id, world }) => handleTemplateDelete(id, world),
  },
  {
    method: 'GET',
    path: '/v2/catalog/templates',
    handle: ({ query, options }) => handleCatalogTemplates(query, options),
  },
  { method: 'GET', path: '/v2/catalog/gpus', handle: ({ query, world }) => handleGpus(query, world) },
  {
    method: 'GET',
    path: '/v2/catalog/gpus/:id',
    handle: ({ id, query, world }) => handleGpu(id, query, world),
  },
  { method: 'GET', path: '/v2/catalog/cpus', handle: ({ query, world }) => handleCpus(query, world) },
  {
    method: 'GET',
    path: '/v2/catalog/cpus/:id',
    handle: ({ id, query, world }) => handleCpu(id, query, world),
  },
  {
    method: 'GET',
    path: '/v2/catalog/datacenters',
    handle: ({ query, world }) => handleDataCenters(query, world),
  },
  {
    method: 'GET',
    path: '/v2/catalog/datacenters/:id',
    handle: ({ id, query, world }) => handleDataCenter(id, query, world),
  },
  billing('/v2/billing', 'total'),
  billing('/v2/billing/pods', 'pods'),
  billing('/v2/billing/network-volumes', 'volumes'),
  billing('/v2/billing/clusters', 'clusters'),
  billing('/v2/billing/serverless', 'serverless'),
  billing('/v2/billing/endpoints', 'endpoints'),
]
