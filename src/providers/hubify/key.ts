import type { Provider, ProviderError } from '../../core/pods/provider'
import type { KeyUsageStore } from '../../core/pods/key-usage-store'
import { fail, ok, type Result } from '../../core/base/result'
import { type HostRule, parseBaseUrl } from '../http/base-url'
import { createElapsed } from '../http/elapsed'
import { createHttpClient, type HttpClientOptions } from '../http/http-client'
import { localError } from '../http/local-error'
import { createAnnouncedRoutes } from './announced-routes'
import { readShippedRouteError, withScope } from './api-error'
import { createKeyBudget } from './quota/key-budget'
import { createLabClient } from './lab-client'
import { createLabProvider } from './lab-provider'
import { type Lab, parseLab } from './parse-lab'
import { createPodDetails } from './pod-details'
import { createPollShare } from './quota/poll-share'
import { parseListPage } from './wire-shape'

export const HUBIFY_BASE_URL = 'https://www.hubify.com/api/v1'

export interface HubifyKeyOptions extends HttpClientOptions {
  /** Address of the API; a bare origin gets `/api/v1`. */
  readonly baseUrl: string
  readonly hosts: HostRule
  /** What other programs and earlier runs sent with the key. Default: nothing is known of them. */
  readonly usage?: KeyUsageStore | undefined
}

export interface HubifyLabSettings {
  /** Whether routes that Hubify has announced are called before they are known to exist. */
  readonly usesAnnouncedRoutes: boolean
}

/** A key at Hubify. All its labs share its quota and the pauses that the server asks for. */
export interface HubifyKey {
  /** The labs that the key can read. */
  listLabs(): Promise<Result<readonly Lab[], ProviderError>>
  /** What is read from now on is needed for an action. */
  readForAction(): void
  /** This program doesn't poll its labs. */
  readWithoutPolls(): void
  lab(lab: Pick<Lab, 'id' | 'slug'>, settings: () => HubifyLabSettings): Provider
}

const MAX_LAB_PAGES = 5
const LAB_PAGE_LIMIT = '100'

/** Any key is accepted, since Hubify's documents show several kinds. */
export function createHubifyKey(options: HubifyKeyOptions): HubifyKey {
  const { now } = options
  const elapsedMs = createElapsed(now)
  const budget = createKeyBudget(elapsedMs, () => now().wallMs, options.usage)
  const http = createHttpClient(options, budget)
  const routes = createAnnouncedRoutes(now)
  const polls = createPollShare(budget, http, elapsedMs)
  const url = parseBaseUrl(options.baseUrl, options.hosts)
  const baseUrl = url.ok ? ok(apiBase(url.value)) : url
  const webUrl = url.ok ? url.value.origin : new URL(HUBIFY_BASE_URL).origin
  const labIds = new Set<string>()

  async function listLabs(): Promise<Result<readonly Lab[], ProviderError>> {
    if (!baseUrl.ok) return fail(localError('invalid', baseUrl.error))
    const labs = new Map<string, Lab>()
    const cursors = new Set<string>()
    let cursor: string | null = null
    for (let page = 0; page < MAX_LAB_PAGES; page += 1) {
      const query = new URLSearchParams({ limit: LAB_PAGE_LIMIT, ...(cursor !== null && { cursor }) })
      const request = {
        method: 'GET',
        url: `${baseUrl.value}/labs?${query.toString()}`,
        readError: readShippedRouteError,
      } as const
      const answer = withScope(await http.read(request), { name: 'labs:read', lab: null }, '')
      if (!answer.ok) return answer
      const list = parseListPage(answer.value, 'labs')
      if (list === null) return fail(localError('unreadable', 'The response is not a list of labs.'))
      for (const each of list.entries.map(parseLab))
        if (each !== null && !labs.has(each.id)) labs.set(each.id, each)
      cursor = list.nextCursor
      if (cursor === null || cursors.has(cursor)) break
      cursors.add(cursor)
    }
    for (const id of labs.keys()) labIds.add(id)
    return ok([...labs.values()])
  }

  return {
    listLabs,
    readForAction: () => budget.readForAction(),
    readWithoutPolls: () => budget.readWithoutPolls(),
    lab(lab, settings) {
      labIds.add(lab.id)
      const own = http.share()
      const client = createLabClient({
        http: own,
        budget,
        routes,
        baseUrl,
        lab,
        usesAnnouncedRoutes: () => settings().usesAnnouncedRoutes,
      })
      return createLabProvider({
        labId: lab.id,
        client,
        http: own,
        details: createPodDetails(client, () => (budget.isActing() ? 0 : budget.plan().detailsPerPoll)),
        polls,
        isOtherLab: (id) => id !== lab.id && id !== lab.slug && labIds.has(id),
        webUrl,
        now,
      })
    },
  }
}

function apiBase(url: URL): string {
  const path = url.pathname.replace(/\/+$/, '')
  return `${url.origin}${path === '' ? '/api/v1' : path}`
}
