import type {
  ApiCreate,
  ApiGuardWish,
  ApiKeepOn,
  ApiNewExperiment,
  ApiPodRules,
  ApiSettings,
} from './api-schemas'

/* The Pods API: what its routes need, and what they reply, without HTTP. See docs/pods-api.md. */

/** What a token or key may do. */
export const apiScopes = [
  'labs:read',
  'labs:write',
  'experiments:read',
  'experiments:write',
  'pods:read',
  'pods:operate',
  'pods:write',
  'pods:terminate',
] as const
export type ApiScope = (typeof apiScopes)[number]

export const apiPodStatuses = ['creating', 'running', 'stopped', 'terminated'] as const
/** `error` and `unknown`: none of the four describes it. */
export type ApiPodStatus = (typeof apiPodStatuses)[number] | 'error' | 'unknown'

export type ApiPodAction = 'start' | 'stop' | 'terminate'

export interface ApiLab {
  readonly id: string
  readonly slug: string
}

export interface ApiPod {
  /** The id that paths take. */
  readonly id: string
  readonly labId: string
  readonly status: ApiPodStatus
  /** The object that is replied. `isDetail`: of this pod alone. */
  readonly body: (isDetail: boolean) => Readonly<Record<string, unknown>>
}

export interface ApiSsh {
  readonly host: string
  readonly port: number
  readonly username: string
}

/** Why something was not done. `message`: a sentence for the caller. */
export interface ApiRefusal {
  readonly status: number
  readonly message: string
  /** Nothing was done, and it may be asked again soon. */
  readonly mayRetry?: true
}

/** What became of a request for a change: an object with the status of its reply, or a refusal. */
export type ApiOutcome =
  | { readonly ok: true; readonly status: number; readonly value: unknown }
  | { readonly ok: false; readonly refusal: ApiRefusal }

export type MaybePromise<T> = T | Promise<T>

/** Whose pods are served. Lists are in the order of the reply. */
export interface ApiBackend {
  /** Those that the caller may access. */
  labs(): readonly ApiLab[]
  /** The lab as it is listed. */
  labBody(lab: ApiLab): unknown
  /** By id, also one that the caller may not access. */
  findLab(id: string): ApiLab | null
  /** By the name in addresses. */
  findLabBySlug(slug: string): ApiLab | null
  canAccess(lab: ApiLab): boolean
  pods(lab: ApiLab): readonly ApiPod[]
  findPod(id: string): ApiPod | null
  /** Null: the pod accepts none now. */
  ssh(pod: ApiPod): ApiSsh | null
  /** What was spent in all. Has a form of its own. */
  costs(lab: ApiLab): MaybePromise<unknown>
  /** What the pods cost in a month: `current`, or such as `2026-11`. Null: it is no month. */
  monthCosts(lab: ApiLab, month: string): MaybePromise<unknown>
  experiments(lab: ApiLab): MaybePromise<readonly ApiListItem[]>
  /** Newest first. */
  activity(lab: ApiLab): MaybePromise<readonly unknown[]>
  act(pod: ApiPod, action: ApiPodAction): MaybePromise<ApiOutcome>
  /** Holds its automatic stops, or ends that with `off`. Absent: pods are not kept running. */
  keepOn?(pod: ApiPod, choice: ApiKeepOn): MaybePromise<ApiOutcome>
  /** Absent: pods have no rules here. */
  podRules?(pod: ApiPod): MaybePromise<ApiOutcome>
  changePodRules?(pod: ApiPod, changes: ApiPodRules): MaybePromise<ApiOutcome>
  /** Absent: pods have no guards here. */
  podGuard?(pod: ApiPod): MaybePromise<ApiOutcome>
  changePodGuard?(pod: ApiPod, change: ApiGuardWish): MaybePromise<ApiOutcome>
  create(lab: ApiLab, request: ApiCreate): MaybePromise<ApiOutcome>
  changeSettings(lab: ApiLab, changes: ApiSettings): MaybePromise<ApiOutcome>
  /** Absent: experiments are only listed. */
  addExperiment?(lab: ApiLab, request: ApiNewExperiment): MaybePromise<ApiOutcome>
  cancelExperiment?(id: string): MaybePromise<ApiOutcome>
  /** The end of what it printed. */
  experimentLog?(id: string): MaybePromise<ApiOutcome>
  /** What became of a request that a person has to confirm. */
  confirmation?(id: string): MaybePromise<ApiOutcome>
}

export interface ApiListItem {
  readonly id: string
  readonly body: unknown
}

/** Parameters of an address. */
export interface ApiQuery {
  get(name: string): string | null
  has(name: string): boolean
}

export interface ApiCall {
  readonly query: ApiQuery
  readonly body: string
  /** The value of `:id` in the path of the route; empty if it has none. */
  readonly id: string
  readonly backend: ApiBackend
  /** Whether lists are replied in pages. */
  readonly hasPages: boolean
}

export interface PageMeta {
  readonly next_cursor: string | null
  readonly has_more: boolean
}

/** `name`: what the object or the items of the list are called. */
export type ApiReply =
  | { readonly kind: 'object'; readonly name: string; readonly value: unknown; readonly status: number }
  | {
      readonly kind: 'list'
      readonly name: string
      readonly items: readonly unknown[]
      readonly page: PageMeta
    }
  /** It has a form of its own. */
  | { readonly kind: 'plain'; readonly value: unknown }
  | ({ readonly kind: 'error' } & ApiRefusal)

export const objectReply = (name: string, value: unknown, status = 200): ApiReply => ({
  kind: 'object',
  name,
  value,
  status,
})

export const errorReply = (status: number, message: string): ApiReply => ({ kind: 'error', status, message })

/** Of what the backend has no part for. */
export const NOT_OFFERED: ApiOutcome = { ok: false, refusal: { status: 404, message: 'Not found' } }

export const toReply = (name: string, outcome: ApiOutcome): ApiReply =>
  outcome.ok ? objectReply(name, outcome.value, outcome.status) : { kind: 'error', ...outcome.refusal }

/** Goes on with a value, at once where it is there already. */
export const after = <T, U>(value: MaybePromise<T>, next: (value: T) => U): MaybePromise<U> =>
  value instanceof Promise ? value.then(next) : next(value)
