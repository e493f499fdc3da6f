import { formatUsdPerHour } from '../base/text/format'
import { fail, ok, type Result } from '../base/result'
import { mayAppearLate } from '../creation/create-intent'
import type { CreateCandidate } from '../creation/create-plan'
import { accountContext, takenNames } from '../creation/form/account-context'
import { evaluateForm } from '../creation/form/evaluate-form'
import { hasOwnKey, type PodForm, problemText, suggestPodName } from '../creation/form/pod-form'
import { catalogQueryOf, type FormCatalog, readCatalog } from '../creation/form/read-catalog'
import { readStartPriceOf } from '../creation/start-price'
import { isOpen } from '../intents/intent'
import type { HostKeyOutlook } from '../terminal/seen-host-key'
import { type AccountId, parsePodKey, podKeyOf, type Pod, type PodKey } from '../pods/pod'
import { plainName } from '../pods/pod-name'
import type { Provider } from '../pods/provider'
import { newPodKey } from '../queue/schedule/pod-offers'
import type { CreateRule } from '../queue/jobs/job-codec'
import { accountProblem, fitProblem } from '../queue/jobs/job-fit'
import type { CreateState, PlannedPod, PodSources } from '../queue/queue-ports'
import type { QueueAccount } from './queue-pods'
import type { JobSpec } from '../queue/jobs/job-spec'

/** A preset as it is stored now. */
export interface StoredPreset {
  readonly form: PodForm
  /** Variables whose values would have to be given. */
  readonly neededVariables: readonly string[]
  /** Of all that it says. */
  readonly digest: string
}

/** Stopped pods and presets, as the queue of jobs may use them. `findPreset`: null where there is none of that name. */
export function createPodSources(
  accounts: () => readonly QueueAccount[],
  findPreset: (name: string) => StoredPreset | null,
  hostKeyOutlookOf: (
    accountId: AccountId,
    pod: Pick<Pod, 'id' | 'ssh'>,
    publishesSsh: boolean | null,
  ) => HostKeyOutlook,
): PodSources {
  /** Whether the pods whose price was read have an SSH server of their own. */
  const publishesSsh = new Map<PodKey, boolean>()
  const find = (accountId: string): QueueAccount | null =>
    accounts().find((one) => one.accountId === accountId) ?? null

  /** The account and the preset, if a pod of it can be created without anybody. */
  function usable({
    accountId,
    presetName,
    digest,
  }: CreateRule): Result<{ account: QueueAccount; provider: Provider; preset: StoredPreset }, string> {
    const name = plainName(presetName)
    const account = find(accountId)
    if (account === null || account.isUnclear) return fail('Its account is not watched.')
    const { monitor, provider, labAutoSchedule } = account
    if (!monitor.listing.isWatching() || monitor.snapshot().isListPartial)
      return fail('The pods of its account were not observed recently.')
    if (labAutoSchedule !== undefined || provider?.createPod === undefined)
      return fail('Pods of this account can’t be created for jobs.')
    const preset = findPreset(presetName)
    if (preset === null) return fail(`The preset ${name} is gone.`)
    if (preset.digest !== digest) return fail(`The preset ${name} changed since you allowed it.`)
    if (preset.neededVariables.length > 0)
      return fail(`The preset ${name} needs values of ${preset.neededVariables.join(', ')}.`)
    if (!preset.form.hasSsh || hasOwnKey(preset.form))
      return fail(`Pods of the preset ${name} don’t accept the keys of the account over SSH.`)
    return ok({ account, provider, preset })
  }

  async function planPod(rule: CreateRule, spec: JobSpec): Promise<Result<PlannedPod, string>> {
    const found = usable(rule)
    if (!found.ok) return found
    const { account, provider, preset } = found.value
    const snapshot = account.monitor.snapshot()
    const names = takenNames(snapshot.pods, snapshot.creates)
    const form = { ...preset.form, name: suggestPodName(spec.name, names) }
    const { catalog } = await readCatalog(provider, catalogQueryOf(form, form.templateId !== null))
    const { plan, problems, environment } = evaluateForm(form, accountContext(catalog, snapshot))
    if (plan === null)
      return fail(problems[0] === undefined ? 'It can’t be planned.' : problemText(problems[0]))
    const fitting = plan.candidates.filter((one) => candidateProblem(one, spec, catalog) === null)
    const [first] = plan.candidates
    if (fitting.length === 0)
      return fail((first && candidateProblem(first, spec, catalog)) ?? 'The job fits none of its choices.')
    const candidates = fitting.filter(
      ({ perHourUsd }) => perHourUsd !== null && perHourUsd <= rule.maxPerHourUsd,
    )
    const prices = fitting.flatMap(({ perHourUsd }) => perHourUsd ?? [])
    if (candidates.length === 0)
      return fail(
        prices.length === 0
          ? `The price of a pod of ${plainName(rule.presetName)} isn’t known.`
          : `A pod of ${plainName(rule.presetName)} costs ${formatUsdPerHour(Math.min(...prices))} now, and you allowed ${formatUsdPerHour(rule.maxPerHourUsd)}.`,
      )
    const perHourUsd = Math.max(...candidates.map((one) => one.perHourUsd ?? 0))
    return ok({
      perHourUsd,
      create(requestId) {
        const current = usable(rule)
        if (!current.ok) return current
        const created = current.value.account.monitor.createPod(
          {
            ...plan,
            candidates,
            maxPerHourUsd: perHourUsd,
            waitsForMs: null,
            jobRequestId: requestId,
            presetName: rule.presetName,
          },
          environment,
          false,
        )
        return created.ok ? ok(undefined) : created
      },
    })
  }

  async function readStartPrice(key: PodKey): Promise<Result<number, string>> {
    const { accountId, podId } = parsePodKey(key)
    const price = await readStartPriceOf(find(accountId)?.provider ?? null, podId)
    if (price.publishesSsh !== null) publishesSsh.set(key, price.publishesSsh)
    return price.perHourUsd
  }

  return {
    createProblem(rule, job) {
      const { needs } = job.spec
      if (needs.accountId !== null && needs.accountId !== rule.accountId) return 'It needs another account.'
      const found = usable(rule)
      if (!found.ok) return found.error
      const later = accountProblem(job, found.value.account.addedAtMs ?? undefined)
      if (later !== null) return later
      if (hasPodOf(found.value.account, rule.presetName))
        return `There is a pod of the preset ${plainName(rule.presetName)} already.`
      const { hardware, gpuCount } = found.value.preset.form
      const count = hardware === 'cpu' ? 0 : gpuCount
      return count < needs.gpuCount ? `It needs ${needs.gpuCount} GPUs.` : null
    },
    keyOutlook(key) {
      const { accountId, podId } = parsePodKey(key)
      const pod = find(accountId)?.monitor.listing.pod(podId) ?? null
      return pod === null ? 'unknown' : hostKeyOutlookOf(accountId, pod, publishesSsh.get(key) ?? null)
    },
    readStartPrice,
    startPod(key, requestId) {
      const { accountId, podId } = parsePodKey(key)
      const account = find(accountId)
      return account === null || account.isUnclear
        ? fail('Its account is not watched.')
        : account.monitor.act(podId, 'start', { jobRequestId: requestId })
    },
    planPod,
    cancelRequest(accountId, requestId) {
      const monitor = find(accountId)?.monitor
      monitor?.undoForJob(requestId)
      const create = monitor?.createOfJob(requestId) ?? null
      if (create !== null && isOpen(create)) monitor?.undoCreate(create.id)
    },
    createState(accountId, requestId): CreateState {
      const account = find(accountId)
      if (account === null) return { kind: 'not-watched' }
      const create = account.monitor.createOfJob(requestId)
      if (create === null) return { kind: 'missing' }
      if (create.podId !== null) return { kind: 'pod', podKey: podKeyOf(accountId, create.podId) }
      if (isOpen(create)) return { kind: 'under-way' }
      return {
        kind: mayAppearLate(create) ? 'unclear' : 'failed',
        message: create.message ?? (create.phase === 'cancelled' ? 'It was undone.' : 'Nothing was free.'),
      }
    },
  }
}

/** Whether a pod that was created for a job by the preset exists or may soon, whatever became of that job. */
const hasPodOf = ({ monitor }: QueueAccount, presetName: string): boolean =>
  monitor.createsForJobs(presetName).some((create) => {
    const pod = create.podId === null ? null : monitor.listing.pod(create.podId)
    return pod === null ? isOpen(create) : pod.phase !== 'stopped'
  })

/** Why a job doesn't fit a pod that would be created, as a sentence; null: it does. */
function candidateProblem(
  { pod, label }: CreateCandidate,
  spec: JobSpec,
  { gpus }: FormCatalog,
): string | null {
  if (pod.kind !== 'cloud') return 'Pods of labs aren’t created for jobs.'
  const { compute, cloud, name } = pod
  const gpu: Pod['gpu'] =
    compute.kind === 'cpu'
      ? null
      : {
          name: gpus[cloud]?.find(({ id }) => id === compute.typeId)?.name ?? compute.typeId,
          count: compute.count,
        }
  const problem = fitProblem({ ...spec.needs, accountId: null }, newPodKey(''), { name, gpu })
  return problem === null ? null : `${label}: ${problem}`
}
