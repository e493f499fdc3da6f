import type { ApiRoute } from '../../core/pods-api/api-route'
import { API_PREFIX, apiRoutes } from '../../core/pods-api/api-routes'
import { errorSchema, metaSchema, pageMetaSchema } from '../../core/pods-api/api-schemas'
import { tokenScopeFor } from '../../core/pods-api/api-token'
import { type JsonSchema as Json, jsonSchemaOf } from './json-schema'

/** The OpenAPI 3.1 document of the Pods API, generated from the schemas that requests are parsed by. */
export function openApiDocument(version: string): Json {
  const schemas: Record<string, Json> = { Error: jsonSchemaOf(errorSchema, 'output') }
  for (const { body, reply } of apiRoutes) {
    if (body !== undefined) schemas[body.name] = jsonSchemaOf(body.schema, 'input')
    schemas[reply.name] = jsonSchemaOf(reply.schema, 'output')
  }
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of apiRoutes) {
    const path = `${API_PREFIX}${route.path.replace(':id', '{id}')}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  paths[`${API_PREFIX}/events`] = { get: eventsOperation }
  paths['/metrics'] = { get: metricsOperation }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Podkeeper Pods API',
      version,
      description: 'The Pods API of Hubify’s page, served by Podkeeper for your own pods.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      headers: {
        limit: { description: 'Requests of a minute.', schema: { type: 'integer' } },
        remaining: { description: 'Requests that are left of it.', schema: { type: 'integer' } },
        reset: { description: 'When the minute ends, in Unix seconds.', schema: { type: 'integer' } },
      },
    },
  }
}

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })

function operationOf({
  method,
  path,
  scope,
  summary,
  query = [],
  body,
  reply,
  isOwn,
  isPlanned,
}: ApiRoute): Json {
  const item = ref(reply.name)
  const content =
    reply.form === 'plain'
      ? item
      : {
          type: 'object',
          properties: {
            data: reply.form === 'list' ? { type: 'array', items: item } : item,
            meta: jsonSchemaOf(reply.form === 'list' ? pageMetaSchema : metaSchema, 'output'),
          },
          required: ['data', 'meta'],
        }
  const states = [
    isOwn === true ? 'Podkeeper adds this to the page.' : null,
    isPlanned === true ? 'The page calls this planned, or shows it without calling it shipped.' : null,
    `Needs the scope ${tokenScopeFor(scope)}.`,
  ]
  return {
    operationId: operationId(method, path),
    summary,
    description: states.filter((each) => each !== null).join(' '),
    parameters: [
      ...(path.includes(':id')
        ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string', minLength: 1 } }]
        : []),
      ...query.map(({ name, isRequired, description, schema = { type: 'string' } }) => ({
        name,
        in: 'query',
        required: isRequired === true,
        description,
        schema,
      })),
      ...(method === 'GET' ? [] : [idempotencyKey]),
    ],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: ref(body.name) } } },
    }),
    responses: {
      ...Object.fromEntries(
        reply.statuses.map((status) => [
          status,
          {
            description: status === 202 ? 'Accepted, and not done yet.' : 'Done.',
            headers: rateHeaders,
            content: { 'application/json': { schema: content } },
          },
        ]),
      ),
      ...errorResponses(method),
    },
  }
}

/** "stopPod" of `POST /pods/:id/stop`. */
function operationId(method: string, path: string): string {
  const words = [method.toLowerCase(), ...path.replace(':id', 'by-id').split(/[/-]/).filter(Boolean)]
  return words.map((word, index) => (index === 0 ? word : word[0]?.toUpperCase() + word.slice(1))).join('')
}

const idempotencyKey: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A request that is repeated with the same key within 24 hours is not carried out again.',
  schema: { type: 'string', pattern: '^[!-~]{1,200}$' },
}

const headerRef = (name: string): Json => ({ $ref: `#/components/headers/${name}` })
const rateHeaders: Json = {
  'X-RateLimit-Limit': headerRef('limit'),
  'X-RateLimit-Remaining': headerRef('remaining'),
  'X-RateLimit-Reset': headerRef('reset'),
}

const errors: Readonly<Record<number, string>> = {
  400: 'The request is not valid.',
  401: 'The token is missing, unknown or expired.',
  403: 'The token lacks a scope or may not access the lab, or a web page sent the request.',
  404: 'There is no such thing.',
  408: 'The request was not complete in time.',
  409: 'The state of the pod does not allow it.',
  413: 'The body is too large.',
  429: 'Too many requests.',
  503: 'The account could not be read, or what became of the request is not known.',
}
const writeErrors: Readonly<Record<number, string>> = {
  402: 'It costs more than the limit.',
  415: 'The body is not JSON.',
  422: 'The Idempotency-Key was used for another request.',
}

const errorResponses = (method: string): Json =>
  Object.fromEntries(
    Object.entries(method === 'GET' ? errors : { ...errors, ...writeErrors }).map(([status, description]) => [
      status,
      { description, content: { 'application/json': { schema: ref('Error') } } },
    ]),
  )

const eventsOperation: Json = {
  operationId: 'getEvents',
  summary: 'Server-sent events: states, idle verdicts, alerts and actions.',
  description:
    'Last-Event-ID continues. The event "reset" says that some are gone, so that all is to be read again.',
  parameters: [{ name: 'Last-Event-ID', in: 'header', required: false, schema: { type: 'string' } }],
  responses: {
    200: { description: 'Events.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
    ...errorResponses('GET'),
  },
}

const metricsOperation: Json = {
  operationId: 'getMetrics',
  summary: 'Metrics in the text format of Prometheus.',
  responses: {
    200: { description: 'Metrics.', content: { 'text/plain': { schema: { type: 'string' } } } },
    ...errorResponses('GET'),
  },
}
