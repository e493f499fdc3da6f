import { formatUsdPerHour } from '../base/text/format'
import { fail, ok, type Result } from '../base/result'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import { parsePodKey } from '../pods/pod'
import { plainName } from '../pods/pod-name'
import type { Job } from './jobs/job'
import { type CreateRule, type StartRule, withNewKey } from './jobs/job-codec'
import { REQUEST_AGAIN_MS } from './jobs/request-events'
import type { QueueContext, QueueOptions } from './queue-ports'
import type { Proposal } from './schedule/schedule'
import { announcedKey, newKeyProblem } from './schedule/new-keys'
import { type OfferProblems, type PodOffer, podOffers, type PricedOffer } from './schedule/pod-offers'

/** How long a price counts before its countdown. It is read again right before the request. */
const PRICE_FRESH_MS = 10 * MINUTE_MS

/** Starts stopped pods and creates pods for jobs, as far as a person allowed it. */
export interface OfferedPods {
  /** What may be announced now. Looks at prices that aren't known yet meanwhile. */
  offers(): readonly PricedOffer[]
  /**
   * Looks at everything again, and requests the pod if it is still allowed and wasn't skipped meanwhile (`isWanted`).
   * Otherwise the job says why.
   */
  request(proposal: Proposal, isWanted: () => boolean): Promise<void>
}

/** `onChange`: a price was read. */
export type OfferedPodsOptions = Pick<
  QueueOptions,
  'pods' | 'podSources' | 'newId' | 'refreshPod' | 'report'
> &
  Pick<QueueContext, 'clock' | 'store' | 'isActing' | 'onChange'>

/** The price that was read for an offer; null: it is not allowed. */
interface PriceReading {
  readonly at: Instant
  readonly perHourUsd: number | null
}

export function createOfferedPods(options: OfferedPodsOptions): OfferedPods {
  const { clock, store, podSources } = options
  const readings = new Map<string, PriceReading>()
  const reading = new Set<string>()

  const keyProblem = (rule: StartRule | CreateRule): string | null =>
    'presetName' in rule
      ? newKeyProblem(rule, rule.presetName, 'unknown')
      : newKeyProblem(rule, nameOf(rule.podKey), podSources.keyOutlook(rule.podKey))

  const offersWith = (key: OfferProblems['key']): readonly PodOffer[] =>
    podOffers(
      options.pods(),
      store.jobs(),
      store.removedJobs(),
      store.rules(),
      { create: (rule, job) => podSources.createProblem(rule, job), key },
      clock.now(),
    )
  const possible = (): readonly PodOffer[] => offersWith(keyProblem)

  /** A pod that could not run the job would only cost money, so it is not requested, and the job shows why. */
  function sayWhichKeysAreMissing(offers: readonly PodOffer[]): void {
    for (const offer of offersWith(() => null)) {
      const problem = offers.some(({ jobId }) => jobId === offer.jobId) ? null : keyProblem(ruleOf(offer))
      if (problem !== null) sayWhyNot(offer.jobId, `No pod is requested for it. ${problem}`)
    }
  }

  /** What requests the pod, by what it costs now. */
  async function prepare(
    { podKey, rule, maxPerHourUsd }: PodOffer,
    { spec }: Job,
  ): Promise<Result<{ perHourUsd: number; send: (requestId: string) => Result<void, string> }, string>> {
    if (rule !== null) {
      const planned = await podSources.planPod(rule, spec)
      if (!planned.ok) return planned
      const { perHourUsd, create } = planned.value
      const problem = priceProblem(`A pod of ${plainName(rule.presetName)}`, perHourUsd, maxPerHourUsd)
      return problem === null ? ok({ perHourUsd, send: create }) : fail(problem)
    }
    const price = await podSources.readStartPrice(podKey)
    if (!price.ok) return price
    const problem = priceProblem(nameOf(podKey), price.value, maxPerHourUsd)
    return problem === null
      ? ok({ perHourUsd: price.value, send: (id) => podSources.startPod(podKey, id) })
      : fail(problem)
  }

  const nameOf = (key: PodOffer['podKey']): string =>
    plainName(options.pods().find((one) => one.key === key)?.pod.name ?? parsePodKey(key).podId)

  function sayWhyNot(jobId: string, message: string): void {
    const applied = store.apply(jobId, { kind: 'not-requested', message })
    if (!applied.ok) options.report(`The state of job ${jobId} was not saved`, applied.error)
  }

  async function readPrice(offer: PodOffer): Promise<void> {
    const key = keyOf(offer)
    const job = store.job(offer.jobId)
    if (job === null || reading.has(key)) return
    reading.add(key)
    try {
      const prepared = await prepare(offer, job)
      readings.set(key, { at: clock.now(), perHourUsd: prepared.ok ? prepared.value.perHourUsd : null })
      if (!prepared.ok && options.isActing())
        sayWhyNot(offer.jobId, `No pod could be requested for it: ${prepared.error}`)
    } finally {
      reading.delete(key)
    }
    options.onChange()
  }

  return {
    offers() {
      const now = clock.now()
      const all = possible()
      sayWhichKeysAreMissing(all)
      const keys = new Set(all.map(keyOf))
      for (const key of readings.keys()) if (!keys.has(key)) readings.delete(key)
      return all.flatMap((offer): readonly PricedOffer[] => {
        const known = readings.get(keyOf(offer))
        const forMs = known?.perHourUsd === null ? REQUEST_AGAIN_MS : PRICE_FRESH_MS
        if (known === undefined || elapsedMs(known.at, now) >= forMs)
          void readPrice(offer).catch((cause: unknown) =>
            options.report(`A price for job ${offer.jobId} was not read`, cause),
          )
        return known === undefined || known.perHourUsd === null
          ? []
          : [
              {
                ...offer,
                presetName: offer.rule?.presetName ?? null,
                perHourUsd: known.perHourUsd,
                hostKey: announcedKey(ruleOf(offer), podSources.keyOutlook(offer.podKey)),
              },
            ]
      })
    },
    async request(proposal, isWanted) {
      const isSame = (one: PodOffer): boolean =>
        one.podKey === proposal.podKey && one.jobId === proposal.jobId
      const offer = possible().find(isSame)
      const job = offer === undefined ? null : store.job(offer.jobId)
      if (offer === undefined || job === null) return
      const prepared = await prepare(offer, job)
      // Otherwise a person may have started it since the last list.
      const isRead = offer.rule !== null || !offer.acceptsNewKey || (await options.refreshPod(offer.podKey))
      const current = possible().find((one) => isSame(one) && keyOf(one) === keyOf(offer))
      if (!options.isActing() || !isWanted()) return
      if (current === undefined || store.job(job.id)?.spec !== job.spec) return
      // Whatever becomes of this, it is not announced again a minute later.
      readings.set(keyOf(offer), { at: clock.now(), perHourUsd: null })
      if (!prepared.ok) return sayWhyNot(job.id, `No pod could be requested for it: ${prepared.error}`)
      if (!isRead) return sayWhyNot(job.id, 'No pod could be requested for it: its state could not be read.')
      const { podKey, rule, maxPerHourUsd, acceptsNewKey } = offer
      const pod = options.pods().find(({ key }) => key === podKey)?.pod
      const id = options.newId()
      const what =
        rule === null
          ? `${nameOf(podKey)} is being started`
          : `A pod of ${plainName(rule.presetName)} is being created`
      // On disk before anything is sent, so that the pod is never requested again for it.
      const written = store.apply(job.id, {
        kind: 'request-pod',
        request: {
          id,
          accountId: parsePodKey(podKey).accountId,
          presetName: rule?.presetName ?? null,
          podKey: rule === null ? podKey : null,
          maxPerHourUsd,
          startedBeforeMs: pod?.startedAtMs ?? null,
          ...(acceptsNewKey && { acceptsNewKey }),
        },
        message: `${what} for it, at up to ${formatUsdPerHour(prepared.value.perHourUsd)}.`,
      })
      if (!written.ok) return options.report(`No pod was requested for job ${job.id}`, written.error)
      const sent = prepared.value.send(id)
      if (sent.ok) return
      const message = `No pod could be requested for it: ${sent.error}`
      const ended = store.apply(job.id, {
        kind: 'request-ended',
        requestId: id,
        message,
        isUnclear: false,
        isHeld: false,
      })
      if (!ended.ok) options.report(`The state of job ${job.id} was not saved`, ended.error)
    },
  }
}

const keyOf = ({ podKey, jobId, rule, maxPerHourUsd, acceptsNewKey }: PodOffer): string =>
  JSON.stringify([podKey, jobId, rule, maxPerHourUsd, acceptsNewKey])

const ruleOf = ({ podKey, rule, maxPerHourUsd, acceptsNewKey }: PodOffer): StartRule | CreateRule =>
  rule ?? withNewKey({ podKey, maxPerHourUsd }, acceptsNewKey)

const priceProblem = (what: string, perHourUsd: number, maxPerHourUsd: number): string | null =>
  perHourUsd <= maxPerHourUsd
    ? null
    : `${what} costs ${formatUsdPerHour(perHourUsd)} now, and you allowed ${formatUsdPerHour(maxPerHourUsd)}.`
