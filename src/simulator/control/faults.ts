import type { PodAction } from '../world/pod-life'
import { json, page, problem, type Reply } from '../http/reply'

/** What can go wrong between a client and the API. */
const faultKinds = [
  /** 401, in the API's words or as a page. */
  'unauthorized',
  'unauthorized-html',
  /** 403, in the API's words or as a firewall's page. */
  'forbidden',
  'forbidden-html',
  /** 429 with Retry-After and RateLimit; see `retryAfterS`. */
  'rate-limited',
  'server-error',
  /** 410. */
  'gone',
  /** 404 and 409, whatever the pod is like. */
  'not-found',
  'conflict',
  /** 400: the GPUs of the pod's host are taken. */
  'no-gpu',
  /** 402. */
  'no-balance',
  /** 200 and a page, as a hotel's login does. */
  'html',
  /** Never answers. */
  'hang',
  /** Destroys the connection, before or after acting. */
  'reset-before',
  'reset-after',
  /** Acts, and answers 204 whatever it was. */
  'no-content',
  /** Acts, announces the whole body, sends half of it and destroys the connection. */
  'half-body',
  /** Answers as if it had acted. */
  'accepted-not-done',
  /** 200 and `{}`, or an empty list. */
  'empty-object',
  'empty-list',
  /** A good list without the pod `withoutPodId`. */
  'list-without',
  /** Acts at once, answers `delayMs` later: the picture is then that old. */
  'slow',
] as const

type FaultKind = (typeof faultKinds)[number]

/** A fault and the requests it befalls; what is left out matches everything. */
export interface Fault {
  readonly kind: FaultKind
  readonly method?: string
  /** The exact path, or its beginning and a `*`. */
  readonly path?: string
  readonly podId?: string
  readonly action?: PodAction
  /** For the next so many requests; default: until cleared. */
  readonly count?: number
  readonly delayMs?: number
  readonly retryAfterS?: number
  readonly withoutPodId?: string
  /** For the kinds that answer in the API's words. */
  readonly detail?: string
}

/** A fault that came as JSON; throws what is wrong with it. */
export function readFault(value: unknown): Fault {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject) throw new Error('a fault is an object')
  const kind: unknown = (value as { kind?: unknown }).kind
  if (faultKinds.some((each) => each === kind)) return value as Fault
  throw new Error(`no such kind of fault; there are ${faultKinds.join(', ')}`)
}

/** What of a request a fault can be matched with. */
export interface Matched {
  readonly method: string
  readonly path: string
  readonly podId?: string
  readonly action?: string
}

export class Faults {
  #faults: readonly { readonly fault: Fault; readonly left: number }[] = []

  add(fault: Fault): void {
    this.#faults = [...this.#faults, { fault, left: fault.count ?? Number.POSITIVE_INFINITY }]
  }

  clear(): void {
    this.#faults = []
  }

  /** The first fault that befalls this request, used up by one. */
  take(request: Matched): Fault | null {
    const hit = this.#faults.find((each) => each.left > 0 && befalls(each.fault, request))
    if (hit === undefined) return null
    this.#faults = this.#faults.map((each) => (each === hit ? { ...each, left: each.left - 1 } : each))
    return hit.fault
  }
}

function befalls(fault: Fault, request: Matched): boolean {
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

/** The answer of a fault that stands in for the API; null for those that let it act. */
export function standIn(fault: Fault): Reply | null {
  const { detail } = fault
  switch (fault.kind) {
    case 'unauthorized':
      return problem(401, detail ?? 'invalid bearer token')
    case 'unauthorized-html':
      return page(401, '401 Authorization Required')
    case 'forbidden':
      return problem(403, detail ?? 'access denied')
    case 'forbidden-html':
      return page(403, 'Sorry, you have been blocked')
    case 'rate-limited': {
      const retryAfterS = fault.retryAfterS ?? 2
      return problem(429, detail ?? 'rate limit exceeded for the minute window', {
        headers: {
          'Retry-After': String(retryAfterS),
          RateLimit: `"minute";r=0;t=${retryAfterS}`,
          'RateLimit-Policy': '"minute";q=60;w=60',
        },
      })
    }
    case 'server-error':
      return problem(500, detail ?? 'something went wrong')
    case 'gone':
      return problem(410, detail ?? 'this endpoint is retired')
    case 'not-found':
      return problem(404, detail ?? 'pod not found')
    case 'conflict':
      return problem(409, detail ?? 'not possible in the present state')
    case 'no-gpu':
      return problem(400, detail ?? 'There are not enough free GPUs on the host machine to start this pod.')
    case 'no-balance':
      return problem(402, detail ?? 'insufficient balance')
    case 'html':
      return page(200, 'Welcome to the guest network')
    case 'empty-object':
      return json({})
    default:
      return null
  }
}
