import type { PodId } from '../../core/pods/pod'
import type { ProviderError } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import type { HttpRequest } from '../http/exchange'
import type { HttpClient } from '../http/http-client'
import { localError } from '../http/local-error'
import type { ResponseError } from '../http/response'
import { isPodId } from '../wire/wire-values'
import type { AnnouncedRoute, AnnouncedRoutes } from './announced-routes'
import {
  findErrorInReply,
  readAnnouncedRouteError,
  readShippedRouteError,
  type Scope,
  withScope,
} from './api-error'
import type { KeyBudget } from './quota/key-budget'

export interface LabClientOptions {
  readonly http: HttpClient
  readonly budget: KeyBudget
  readonly routes: AnnouncedRoutes
  /** The address of the API without a slash at its end, or why there is none. */
  readonly baseUrl: Result<string, string>
  readonly lab: { readonly id: string; readonly slug: string }
  readonly usesAnnouncedRoutes: () => boolean
}

/** The answer of a request: unparsed JSON; `undefined` for an empty response. */
export type Answer = Promise<Result<unknown, ProviderError>>

/** The requests that Podkeeper sends to Hubify for one lab. */
export interface LabClient {
  /** Whether an announced route may be called now. */
  isOffered(route: AnnouncedRoute): boolean
  getPods(cursor: string | null, maxMs: number, isForAction?: boolean): Answer
  getPod(id: PodId, maxMs?: number, isForAction?: boolean): Answer
  getSsh(id: PodId, maxMs?: number): Answer
  /** Each sends exactly one request. */
  act(id: PodId, action: 'start' | 'stop' | 'restart' | 'terminate'): Answer
  getCosts(): Answer
  getMonthCosts(): Answer
  getExperiments(cursor: string | null): Answer
  patchSettings(settings: Readonly<Record<string, unknown>>): Answer
  /** `readError` is asked first about an error. */
  createPod(pod: Readonly<Record<string, unknown>>, readError: NonNullable<HttpRequest['readError']>): Answer
}

/** The documented maximum. Sent with a cursor only: no document says that the first page of pods takes it. */
const PAGE_LIMIT = 100

const podsRead: Scope = { name: 'pods:read', lab: 'r' }
const podsWrite: Scope = { name: 'pods:write', lab: 'rw' }

export function createLabClient(options: LabClientOptions): LabClient {
  const { http, budget, routes, baseUrl, lab, usesAnnouncedRoutes } = options

  const isOffered = (route: AnnouncedRoute): boolean => usesAnnouncedRoutes() && routes.isOffered(route)

  const urlOf = (
    path: string,
    query: Readonly<Record<string, string>> = {},
  ): Result<string, ProviderError> => {
    if (!baseUrl.ok) return fail(localError('invalid', baseUrl.error))
    const search = new URLSearchParams(query).toString()
    return ok(`${baseUrl.value}${path}${search === '' ? '' : `?${search}`}`)
  }

  const podUrl = (id: PodId, route = ''): Result<string, ProviderError> =>
    isPodId(id)
      ? urlOf(`/pods/${encodeURIComponent(id)}${route}`)
      : fail(localError('invalid', 'This is not the id of a pod.'))

  async function read(
    url: Result<string, ProviderError>,
    scope: Scope,
    maxMs?: number,
    isForAction = false,
  ): Answer {
    if (!url.ok) return url
    const request = { method: 'GET', url: url.value, readError: readShippedRouteError, isForAction } as const
    return withScope(await http.read(request, maxMs), scope, lab.slug)
  }

  /** Reads what is shown besides pods, which never takes the share of the polls. */
  async function readBesides(url: Result<string, ProviderError>, scope: Scope): Answer {
    const waitMs = budget.takeSideRead()
    if (waitMs > 0)
      return fail(localError('rate-limited', 'Not sent, to stay within the request limit.', waitMs))
    return read(url, scope)
  }

  /** Sends a request on an announced route, and drops the route if the server does not know it. */
  async function announced(
    route: AnnouncedRoute,
    url: Result<string, ProviderError>,
    send: (url: string) => Answer,
    scope: Scope,
  ): Answer {
    if (!isOffered(route)) return fail(localError('gone', 'Hubify’s API does not offer this yet.'))
    if (!url.ok) return url
    const answer = await send(url.value)
    if (!answer.ok && answer.error.kind === 'gone') routes.drop(route)
    return withScope(answer, scope, lab.slug)
  }

  const readAnnounced = (url: string, maxMs?: number, isForAction = false): Answer =>
    http.read({ method: 'GET', url, readError: readAnnouncedRouteError, isForAction }, maxMs)

  const post = (
    url: string,
    readError: (status: number, json: unknown) => ResponseError | null,
    json?: unknown,
  ): Answer =>
    http.write({
      method: 'POST',
      url,
      readError,
      findFault: findErrorInReply,
      isBodyOptional: true,
      json,
    })

  return {
    isOffered,
    getPods: (cursor, maxMs, isForAction) =>
      read(
        urlOf('/pods', { labId: lab.id, ...(cursor !== null && { limit: String(PAGE_LIMIT), cursor }) }),
        podsRead,
        maxMs,
        isForAction,
      ),
    getPod: (id, maxMs, isForAction) =>
      announced('detail', podUrl(id), (url) => readAnnounced(url, maxMs, isForAction), podsRead),
    getSsh: (id, maxMs) => announced('ssh', podUrl(id, '/ssh'), (url) => readAnnounced(url, maxMs), podsRead),
    async act(id, action) {
      const url = podUrl(id, `/${action}`)
      if (action === 'restart' || action === 'terminate')
        return announced(action, url, (address) => post(address, readAnnouncedRouteError), podsWrite)
      return url.ok ? withScope(await post(url.value, readShippedRouteError), podsWrite, lab.slug) : url
    },
    getCosts: () => readBesides(urlOf('/costs', { labId: lab.id }), { name: null, lab: 'r' }),
    async getMonthCosts() {
      const waitMs = budget.takeSideRead()
      if (waitMs > 0)
        return fail(localError('rate-limited', 'Not sent, to stay within the request limit.', waitMs))
      const url = urlOf('/pods/costs', { labId: lab.id, month: 'current' })
      return announced('month-costs', url, (address) => readAnnounced(address), podsRead)
    },
    getExperiments: (cursor) =>
      readBesides(
        urlOf('/experiments', {
          labId: lab.id,
          ...(cursor !== null && { limit: String(PAGE_LIMIT), cursor }),
        }),
        { name: 'experiments:read', lab: 'r' },
      ),
    patchSettings: (json) =>
      announced(
        'settings',
        lab.slug === ''
          ? fail(localError('invalid', 'Hubify did not say how this lab’s settings are addressed.'))
          : urlOf(`/labs/${encodeURIComponent(lab.slug)}/settings`),
        (url) =>
          http.write({
            method: 'PATCH',
            url,
            json,
            readError: readAnnouncedRouteError,
            findFault: findErrorInReply,
            isBodyOptional: true,
          }),
        { name: 'labs:write', lab: 'rw' },
      ),
    createPod: (json, readError) =>
      announced(
        'create',
        urlOf('/pods'),
        (url) =>
          post(url, (status, body) => readAnnouncedRouteError(status, body) ?? readError(status, body), json),
        podsWrite,
      ),
  }
}
