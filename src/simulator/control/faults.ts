import type { PodAction } from '../../core/pods/pod'
import { json, page, problem, type Reply } from '../http/reply'
import type { ApiErrors } from './api-errors'

/** Faults between a client and the API. */
const faultKinds = [
  /** 401 with the API's error or as a web page. */
  'unauthorized',
  'unauthorized-html',
  /** 403 with the API's error or as a firewall's page. */
  'forbidden',
  'forbidden-html',
  /** 429 with Retry-After and RateLimit; see `retryAfterS`. */
  'rate-limited',
  'server-error',
  /** Acts, and responds with 500. */
  'server-error-after',
  /** 408, without acting. */
  'timed-out',
  /** 400: the request breaks a rule. 422: it breaks the contract, with its field. */
  'bad-request',
  'unprocessable',
  /** 410. */
  'gone',
  /** 404 and 409, regardless of the pod's state. As a web page, the 404 is that of a route that doesn't exist. */
  'not-found',
  'not-found-html',
  'conflict',
  /** 400: the GPUs on the pod's host are in use. */
  'no-gpu',
  /** 400: no machine is free for a new pod. */
  'no-capacity',
  /** 402. */
  'no-balance',
  /** 200 with a web page, like a captive portal. */
  'html',
  /** Never responds. */
  'hang',
  /** Destroys the connection, before or after acting. */
  'reset-before',
  'reset-after',
  /** Acts, and always responds with 204. */
  'no-content',
  /** Acts, announces the full length of the body, sends half of it and destroys the connection. */
  'half-body',
  /** Responds as if it had acted. */
  'accepted-not-done',
  /** 200 and `{}`, or an empty list. */
  'empty-object',
  'empty-list',
  /** A valid list without the pod `withoutPodId`. */
  'list-without',
  /** In lists and single pods, no look at a pod's host succeeds: neither `runtime` nor direct SSH; see `lostPodIds`. */
  'no-telemetry',
  /** A start gets none of the pod's GPUs. */
  'zero-gpus',
  /** Of a GraphQL query: data together with an error for each of `fields`, which are null. */
  'graphql-partial',
  /** Acts immediately and responds `delayMs` later, so the response is that old. */
  'slow',
  /** Of a pod's log: breaks off after 25 lines, within a line. */
  'log-drop',
  /** Each line comes twice, and who resumes gets the 20 lines before again. */
  'log-duplicates',
  /** Neighbors change places. */
  'log-reordered',
  /** Sends the lines that there are, and then only comments that keep the connection alive, each `delayMs`. */
  'log-frozen',
] as const

type FaultKind = (typeof faultKinds)[number]

/** A fault and the requests it applies to; omitted fields match everything. */
export interface SimulatedFault {
  readonly kind: FaultKind
  readonly method?: string
  /** The exact path, or a prefix followed by `*`. */
  readonly path?: string
  readonly podId?: string
  readonly action?: PodAction
  /** The number of requests it applies to; by default until cleared. */
  readonly count?: number
  readonly delayMs?: number
  readonly retryAfterS?: number
  readonly withoutPodId?: string
  /** With `no-telemetry`; default: all pods. */
  readonly lostPodIds?: readonly string[]
  /** With `graphql-partial`; default: `currentSpendPerHr`. */
  readonly fields?: readonly string[]
  /** For faults that respond with the API's error. */
  readonly detail?: string
}

/** Parses a fault from JSON; throws with the reason if it is invalid. */
export function readFault(value: unknown): SimulatedFault {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject) throw new Error('a fault is an object')
  const kind: unknown = (value as { kind?: unknown }).kind
  if (faultKinds.some((each) => each === kind)) return value as SimulatedFault
  throw new Error(`no such kind of fault; there are ${faultKinds.join(', ')}`)
}

/** The parts of a request that a fault can match. */
export interface FaultTarget {
  readonly method: string
  readonly path: string
  readonly podId?: string
  readonly action?: string
}

export class Faults {
  #faults: readonly { readonly fault: SimulatedFault; readonly left: number }[] = []

  add(fault: SimulatedFault): void {
    this.#faults = [...this.#faults, { fault, left: fault.count ?? Number.POSITIVE_INFINITY }]
  }

  clear(): void {
    this.#faults = []
  }

  /** The first fault that matches this request; its count goes down by one. */
  consume(request: FaultTarget): SimulatedFault | null {
    const match = this.#faults.find((each) => each.left > 0 && matchesRequest(each.fault, request))
    if (match === undefined) return null
    this.#faults = this.#faults.map((each) => (each === match ? { ...each, left: each.left - 1 } : each))
    return match.fault
  }
}

function matchesRequest(fault: SimulatedFault, request: FaultTarget): boolean {
  const isPath =
    fault.path === undefined ||
    fault.path === request.path ||
    (fault.path.endsWith('*') && request.path.startsWith(fault.path.slice(0, -1)))
  return (
    isPath &&
    (fault.method === undefined || fault.method === request.method) &&
    (fault.podId === undefined || fault.podId === request.podId) &&
    (fault.action === undefined || fault.action === request.action)
  )
}

/** The reply of a fault that responds instead of the API; null for faults that let the API act. */
export function faultReply(fault: SimulatedFault, errors: ApiErrors): Reply | null {
  const { detail } = fault
  switch (fault.kind) {
    case 'unauthorized':
      return errors.reply(401, detail ?? 'invalid bearer token')
    case 'unauthorized-html':
      return page(401, '401 Authorization Required')
    case 'forbidden':
      return errors.reply(403, detail ?? 'access denied')
    case 'forbidden-html':
      return page(403, 'Sorry, you have been blocked')
    case 'rate-limited': {
      const retryAfterS = fault.retryAfterS ?? 2
      return errors.reply(429, detail ?? 'rate limit exceeded for the minute window', {
        'Retry-After': String(retryAfterS),
        ...errors.exhaustedQuotaHeaders(retryAfterS),
      })
    }
    case 'server-error':
      return errors.reply(500, detail ?? 'something went wrong')
    case 'timed-out':
      return errors.reply(408, detail ?? 'the request took too long')
    case 'bad-request':
      return errors.reply(400, detail ?? 'the request breaks a rule')
    case 'unprocessable':
      return problem(422, detail ?? 'Request validation failed.', { errors: ['$.image: is not valid'] })
    case 'no-capacity':
      return errors.reply(
        400,
        detail ?? 'There are no longer any instances available with the requested specifications.',
      )
    case 'gone':
      return errors.reply(410, detail ?? 'this endpoint is retired')
    case 'not-found':
      return errors.reply(404, detail ?? 'pod not found')
    case 'not-found-html':
      return page(404, '404: This page could not be found.')
    case 'conflict':
      return errors.reply(409, detail ?? 'not possible in the present state')
    case 'no-gpu':
      return errors.reply(
        400,
        detail ?? 'There are not enough free GPUs on the host machine to start this pod.',
      )
    case 'no-balance':
      return errors.reply(402, detail ?? 'insufficient balance')
    case 'html':
      return page(200, 'Welcome to the guest network')
    case 'empty-object':
      return json({})
    default:
      return null
  }
}
