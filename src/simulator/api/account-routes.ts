import * as v from 'valibot'
import { answerBilling, bills } from './billing/billing'
import { readBody } from '../http/body'
import {
  answerCpu,
  answerCpus,
  answerDataCenter,
  answerDataCenters,
  answerGpu,
  answerGpus,
} from './catalog/catalog'
import { json, problem } from '../http/reply'
import type { Route } from './route'
import { answerCatalogueTemplates, answerOwnTemplates, answerTemplate } from './catalog/templates'

const publicKey = v.pipe(
  v.string(),
  v.regex(/^(ssh|ecdsa|sk)-\S+ \S+([ \t][^\n\r]*)?$/, 'a public key on one line is needed'),
)
const keysBody = v.strictObject({ keys: v.array(publicKey) })

const billing = (path: string, bill: keyof typeof bills): Route => ({
  method: 'GET',
  path,
  answer: ({ query, world }) => answerBilling(bills[bill], query, world),
})

/** Everything of an account but its pods. */
export const accountRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v2/account/ssh-keys',
    answer: ({ world }) => json({ keys: world.keys.current }),
  },
  {
    method: 'PUT',
    path: '/v2/account/ssh-keys',
    isWrite: true,
    answer: ({ body, world }) => {
      const read = readBody(keysBody, body)
      if (!read.ok) return read.reply
      world.keys.replace(read.value.keys, world.nowMs())
      return json({ keys: world.keys.current })
    },
  },
  {
    method: 'GET',
    path: '/v2/network-volumes',
    answer: ({ world }) => json({ networkVolumes: world.volumes.list() }),
  },
  {
    method: 'GET',
    path: '/v2/network-volumes/:id',
    answer: ({ id, world }) => {
      const volume = world.volumes.find(id)
      return volume === null ? problem(404, 'network volume not found') : json(volume)
    },
  },
  { method: 'GET', path: '/v2/templates', answer: answerOwnTemplates },
  { method: 'GET', path: '/v2/templates/:id', answer: ({ id }) => answerTemplate(id) },
  { method: 'GET', path: '/v2/catalog/templates', answer: ({ query }) => answerCatalogueTemplates(query) },
  { method: 'GET', path: '/v2/catalog/gpus', answer: ({ query, world }) => answerGpus(query, world) },
  {
    method: 'GET',
    path: '/v2/catalog/gpus/:id',
    answer: ({ id, query, world }) => answerGpu(id, query, world),
  },
  { method: 'GET', path: '/v2/catalog/cpus', answer: ({ query, world }) => answerCpus(query, world) },
  {
    method: 'GET',
    path: '/v2/catalog/cpus/:id',
    answer: ({ id, query, world }) => answerCpu(id, query, world),
  },
  {
    method: 'GET',
    path: '/v2/catalog/datacenters',
    answer: ({ query, world }) => answerDataCenters(query, world),
  },
  {
    method: 'GET',
    path: '/v2/catalog/datacenters/:id',
    answer: ({ id, query, world }) => answerDataCenter(id, query, world),
  },
  billing('/v2/billing', 'total'),
  billing('/v2/billing/pods', 'pods'),
  billing('/v2/billing/network-volumes', 'volumes'),
  billing('/v2/billing/clusters', 'clusters'),
  billing('/v2/billing/serverless', 'serverless'),
  billing('/v2/billing/endpoints', 'endpoints'),
]
