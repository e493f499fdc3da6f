import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { SECOND_MS } from '../../../core/base/time/time'
import { isOpen } from '../../../core/intents/intent'
import type { CreateIntent } from '../../../core/creation/create-intent'
import type { CreatePlan } from '../../../core/creation/create-plan'
import { evaluateForm } from '../../../core/creation/form/evaluate-form'
import { emptyPodForm } from '../../../core/creation/form/pod-form'
import { labPlan } from '../../../core/creation/lab-plan'
import type { AccountDetails } from '../../../core/pods-api/account-details'
import type { ApiCreate } from '../../../core/pods-api/api-schemas'
import type { ApiRefusal } from '../../../core/pods-api/api-types'
import { isGpuOfType } from '../../../core/pods/gpu-type'
import type { Environment } from '../../../core/pods/pod-request'
import type { Provider } from '../../../core/pods/provider'
import { listPricePerHourUsd } from '../../../core/pods/labs/list-price'
import { readFormContext } from '../../../core/creation/form/read-form-context'
import type { Holder } from './holder'
import type { ServedAccount } from './served-account'
import { serveText } from './serve-text'
import { refused, refusedForNow, toRefusal } from './token-actions'

/** Long enough for a reply of the cloud and the list after it. */
const SETTLE_MS = 20 * SECOND_MS

type Planned =
  | { readonly ok: true; readonly plan: CreatePlan; readonly environment: Environment }
  | { readonly ok: false; readonly refusal: ApiRefusal }

/** The limit of a new pod, USD per hour: the lower one of token and request. Null: there is none. */
export function priceLimit(tokenUsd: number | null, requestUsd: number | undefined): number | null {
  const limits = [tokenUsd, requestUsd].flatMap((limit) =>
    limit === null || limit === undefined ? [] : [limit],
  )
  return limits.length === 0 ? null : Math.min(...limits)
}

/** The plan of a request within the limit, which holds also while it is carried out. */
export async function planCreate(
  account: ServedAccount,
  details: AccountDetails,
  request: ApiCreate,
  limitUsd: number,
  tokenName: string,
): Promise<Planned> {
  const { provider } = account
  if (provider === null) return refused(503, serveText.noKey(account.name))
  if (account.hubifyLabId !== null) return planInLab(request, limitUsd, tokenName)
  const planned = await planInCloud(provider, details, request, limitUsd)
  return planned.ok ? { ...planned, plan: { ...planned.plan, tokenName } } : planned
}

function planInLab(request: ApiCreate, limitUsd: number, tokenName: string): Planned {
  const { gpuType, gpuCount, maxHours = null, image, env, volumeSize } = request
  const priceUsd = listPricePerHourUsd({ name: gpuType, count: gpuCount })
  if (priceUsd === null) return refused(402, serveText.noOffer(gpuType))
  if (priceUsd > limitUsd) return refused(402, serveText.tooExpensive(gpuType, priceUsd, limitUsd))
  const choice = { gpuType, gpuCount, maxHours, image, volumeGb: volumeSize }
  return {
    ok: true,
    environment: env,
    plan: { ...labPlan(choice, env, randomUUID().slice(0, 6)), tokenName },
  }
}

async function planInCloud(
  provider: Provider,
  { pods, perHourUsd }: AccountDetails,
  request: ApiCreate,
  limitUsd: number,
): Promise<Planned> {
  const { gpuType, gpuCount, maxHours, image, env, volumeSize } = request
  const podNames = pods.map(({ name }) => name)
  const { context } = await readFormContext(provider, {
    clouds: ['SECURE'],
    gpuCount,
    vcpuCount: null,
    hasTemplates: false,
    podNames,
    burnPerHourUsd: perHourUsd,
  })
  const offers = context.gpus.SECURE
  if (offers === null) return refusedForNow(503, serveText.noCatalog)
  const priced = offers
    .flatMap(({ id, name, priceUsd, maxCount }) =>
      isGpuOfType(name, gpuType) && priceUsd.SECURE !== null && maxCount.SECURE >= gpuCount
        ? [{ id, usd: priceUsd.SECURE * gpuCount }]
        : [],
    )
    .sort((a, b) => a.usd - b.usd)
  const [cheapest] = priced
  if (cheapest === undefined) return refused(402, serveText.noOffer(gpuType))
  const form = {
    ...emptyPodForm,
    name: request.name ?? freeName(gpuType, podNames),
    gpuTypeIds: priced.filter(({ usd }) => usd <= limitUsd).map(({ id }) => id),
    gpuCount,
    image,
    storage: { kind: 'persistent', sizeGb: String(volumeSize), path: '/workspace' } as const,
    maxHours: maxHours === undefined ? '' : String(maxHours),
  }
  if (form.gpuTypeIds.length === 0)
    return refused(402, serveText.tooExpensive(gpuType, cheapest.usd, limitUsd))
  const { plan, problems, environment } = evaluateForm(form, context, env)
  if (plan === null) return refused(400, [...new Set(problems.map(({ message }) => message))].join(' '))
  // Their prices include disks now.
  const candidates = plan.candidates.filter(({ perHourUsd: usd }) => usd !== null && usd <= limitUsd)
  const lowest = Math.min(...plan.candidates.map(({ perHourUsd: usd }) => usd ?? Infinity))
  if (candidates.length === 0) return refused(402, serveText.tooExpensive(gpuType, lowest, limitUsd))
  return { ok: true, environment, plan: { ...plan, candidates, maxPerHourUsd: limitUsd } }
}

function freeName(gpuType: string, taken: readonly string[]): string {
  const base = gpuType.toLowerCase()
  for (let number = 1; ; number += 1) {
    const name = `${base}-${number}`
    if (!taken.includes(name)) return name
  }
}

export type CreateProgress =
  | { readonly kind: 'created'; readonly podId: string }
  /** It goes on, and whether there is a pod is not known yet. */
  | { readonly kind: 'under-way'; readonly createId: string }
  | (ReturnType<typeof toRefusal> & { readonly kind?: undefined })

/** Carries a plan out, and waits for its pod for a while. */
export async function createForToken(
  holder: Holder,
  accountId: string,
  plan: CreatePlan,
  environment: Environment,
): Promise<CreateProgress> {
  let id: string | null = null
  const seen = new Map<string, CreateIntent>()
  let settle = (): void => {}
  const settled = new Promise<void>((resolve) => (settle = resolve))
  const check = (): void => {
    const create = id === null ? undefined : seen.get(id)
    if (create !== undefined && (create.phase === 'observed' || !isOpen(create))) settle()
  }
  const reply = await holder.ask(
    accountId,
    async (requests) => {
      const created = await requests.createPod(plan, environment)
      if (created.ok) id = created.value
      check()
      return created
    },
    {
      onCreate(create) {
        seen.set(create.id, create)
        check()
      },
    },
    Promise.race([settled, wait(SETTLE_MS, undefined, { ref: false })]),
  )
  if (!reply.ok) return toRefusal(reply.error)
  const create = seen.get(reply.value)
  if (create?.podId !== undefined && create.podId !== null) return { kind: 'created', podId: create.podId }
  const isOver = create !== undefined && !isOpen(create) && !create.isUnclear
  return isOver
    ? refused(create.lacksCapacity ? 503 : 409, create.message ?? serveText.notCreated(plan.name))
    : { kind: 'under-way', createId: reply.value }
}
