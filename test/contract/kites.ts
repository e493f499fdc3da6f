import type { Exchange } from '../../contract/exchange'
import type { JsonObject } from '../../contract/json'

/** A small API for testing the contract check itself. */
export const kites: JsonObject = {
  openapi: '3.1.0',
  info: { title: 'Kites', version: '1' },
  paths: {
    '/kites': {
      get: {
        parameters: [
          { $ref: '#/components/parameters/Limit' },
          {
            name: 'colours',
            in: 'query',
            style: 'form',
            explode: false,
            schema: { type: 'array', items: { enum: ['red', 'blue'] } },
          },
        ],
        responses: {
          200: {
            headers: { 'X-Wind': { schema: { type: 'integer' } } },
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['kites'],
                  properties: { kites: { type: 'array', items: { $ref: '#/components/schemas/Kite' } } },
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
      post: {
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                allOf: [
                  { $ref: '#/components/schemas/Shape' },
                  { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
                ],
                unevaluatedProperties: false,
              },
            },
          },
        },
        responses: {
          201: {
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Kite' } } },
          },
          409: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/kites/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      delete: {
        responses: { 204: { description: 'gone' }, '4XX': { $ref: '#/components/responses/Problem' } },
      },
    },
    '/kites/lost': {
      get: { responses: { 200: { content: { 'text/plain': { schema: { type: 'string' } } } } } },
    },
  },
  components: {
    parameters: {
      Limit: { name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 1 } },
    },
    responses: {
      Problem: {
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
    schemas: {
      Shape: {
        type: 'object',
        properties: { sides: { type: 'integer' }, tail: { type: ['number', 'null'] } },
      },
      Kite: {
        allOf: [
          { $ref: '#/components/schemas/Shape' },
          {
            type: 'object',
            required: ['name', 'flown'],
            properties: {
              name: { type: 'string' },
              flown: { type: ['string', 'null'], format: 'date-time' },
              labels: { type: 'object', additionalProperties: { type: 'string' } },
              owner: {
                anyOf: [
                  { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
                  { type: 'null' },
                ],
              },
            },
          },
        ],
      },
      Problem: {
        type: 'object',
        required: ['title', 'status'],
        properties: { title: { type: 'string' }, status: { type: 'integer' } },
      },
    },
  },
}

export const goodKite = {
  name: 'Ada',
  sides: 4,
  tail: 1.5,
  flown: '2026-11-24T14:00:00Z',
  labels: { any: 'thing' },
  owner: { id: 'o' },
}

type Told = Partial<Omit<Exchange, 'query' | 'replyHeaders' | 'requestBody' | 'replyBody'>> & {
  readonly target: string
  readonly sent?: unknown
  readonly reply?: unknown
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** An exchange with that API, correct unless overridden. */
export function exchange({ target, sent, reply, type, headers, ...more }: Told): Exchange {
  const [path = '', query = ''] = target.split('?')
  return {
    method: 'GET',
    path,
    query: new URLSearchParams(query),
    requestType: sent === undefined ? '' : 'application/json',
    requestBody: textOf(sent),
    hasKey: true,
    status: 200,
    replyHeaders: new Headers({ 'content-type': type ?? 'application/json', ...headers }),
    replyBody: textOf(reply),
    ...more,
  }
}

function textOf(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
