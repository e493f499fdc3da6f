import { minimumProblem } from '../../../core/changes/endpoint-change'
import { minimumQuestion, volumeQuestion } from '../../../core/confirmation/change-questions'
import { editQuestion } from '../../../core/confirmation/edit-questions'
import { type Ask, askWhether } from '../../../core/confirmation/question-queue'
import type { ShownEndpoint } from '../../../core/endpoints/endpoint-view'
import type { Monitor } from '../../../core/monitor/monitor-types'
import { type AccountOperations, accountOperations } from '../../../core/operations/account-operations'
import {
  editProblem,
  isAsShown,
  isHarmless,
  type PodEdit,
  shownConfiguration,
  type ShownConfiguration,
} from '../../../core/changes/pod-edit'
import {
  shownVolumeProblem,
  type VolumeChange,
  volumeChangeProblem,
} from '../../../core/changes/volume-change'
import type { ChangeResult } from '../../../core/changes/change-runner'
import { fail, ok, type Result } from '../../../core/base/result'
import { type AccountId, parsePodKey, type PodKey, podNotListedText } from '../../../core/pods/pod'
import type { Provider } from '../../../core/pods/provider'
import { stockLevels } from '../../../core/pods/catalog'
import type { HandlersOf } from '../../../shared/ipc'
import type { AnsweredChange, ChangeRequestsOfWindows } from '../../../shared/requests/change-requests'
import { accountText, requestsText } from '../account-text'
import { changeRefusalText } from '../../../core/changes/refusal-text'

export interface ChangeRequestsOptions {
  readonly monitor: (accountId: AccountId) => Monitor | null
  readonly provider: (accountId: AccountId) => Provider | null
  readonly ask: Ask
  /** What a person calls the account; null where there is only one. */
  readonly nameOf: (accountId: AccountId) => string | null
}

const refused = (message: string): Result<ChangeResult, string> =>
  ok({ kind: 'refused', message, field: null })

/**
 * Requests about network volumes, serverless endpoints, and edits of pods. What costs money, restarts a pod or destroys something is
 * confirmed in main's own window first, whoever asks. See docs/product-rules.md#115-volumes-and-edits.
 */
export function createChangeRequests(options: ChangeRequestsOptions): HandlersOf<ChangeRequestsOfWindows> {
  const { monitor, provider, ask, nameOf } = options

  /** The account may have been paused or removed while the person was asked. */
  async function carryOut(
    accountId: AccountId,
    run: (operations: AccountOperations) => Promise<Result<ChangeResult, string>>,
  ): Promise<Result<ChangeResult, string>> {
    const current = monitor(accountId)
    return current === null ? fail(accountText.notConnected) : run(accountOperations(current))
  }

  async function changeVolume(
    accountId: AccountId,
    change: VolumeChange,
  ): Promise<Result<AnsweredChange, string>> {
    const problem = volumeChangeProblem(change)
    if (problem !== null) return ok({ kind: 'refused', ...problem })
    const current = monitor(accountId)
    if (current === null) return fail(accountText.notConnected)
    const { volumes = [], arePodsKnown } = current.snapshot().volumes ?? {}
    const volume = 'volume' in change ? (volumes.find(({ id }) => id === change.volume.id) ?? null) : null
    // The question names what main knows, whatever the page says.
    const stale = 'volume' in change ? shownVolumeProblem(change.volume, volumes) : null
    if (stale !== null) return refused(stale)
    if (change.kind === 'delete') {
      // Asked in vain otherwise: what is attached can't be deleted, and the runner looks again.
      if (arePodsKnown !== true) return refused(requestsText.volumeUsersUnknown)
      const users = current.snapshot().pods.filter(({ id }) => volume?.podIds.includes(id))
      if (users.length > 0) return refused(requestsText.volumeInUse(users))
    }
    const question = volumeQuestion(change, { volume, others: volumes }, nameOf(accountId))
    const asked = question === null ? ok(true) : await askWhether(ask, question)
    if (!asked.ok || !asked.value) return asked.ok ? ok(null) : asked
    return carryOut(accountId, (operations) => operations.changeVolume(change))
  }

  async function setMinimumToZero(
    accountId: AccountId,
    shown: ShownEndpoint,
  ): Promise<Result<AnsweredChange, string>> {
    const current = monitor(accountId)
    if (current === null) return fail(accountText.notConnected)
    const known = current.snapshot().endpoints?.endpoints.find(({ id }) => id === shown.id)
    // The question names what main knows, whatever the page says.
    const problem = minimumProblem(shown, known)
    if (known === undefined || problem !== null) return refused(problem ?? changeRefusalText.noEndpoints)
    const asked = await askWhether(ask, minimumQuestion(known, nameOf(accountId)))
    if (!asked.ok || !asked.value) return asked.ok ? ok(null) : asked
    return carryOut(accountId, (operations) => operations.setMinimumToZero(shown))
  }

  async function readConfiguration(podKey: PodKey): Promise<Result<ShownConfiguration, string>> {
    const { accountId, podId } = parsePodKey(podKey)
    const read = await provider(accountId)?.readPodConfiguration?.(podId)
    if (read === undefined) return fail(changeRefusalText.cannotEdit)
    return read.ok ? ok(shownConfiguration(read.value)) : fail(read.error.message)
  }

  async function editPod(
    podKey: PodKey,
    edit: PodEdit,
    shown: ShownConfiguration | null,
  ): Promise<Result<AnsweredChange, string>> {
    const { accountId, podId } = parsePodKey(podKey)
    const current = monitor(accountId)
    if (current === null) return fail(accountText.notConnected)
    const pod = current.accountPods().pods.find(({ id }) => id === podId)
    if (pod === undefined) return refused(podNotListedText)
    const problem = editProblem(edit, pod)
    if (problem !== null) return refused(problem)
    if (!isHarmless(edit)) {
      if (shown === null) return refused(requestsText.podNotRead)
      const read = await provider(accountId)?.readPodConfiguration?.(podId)
      if (read === undefined) return fail(changeRefusalText.cannotEdit)
      if (!read.ok) return refused(requestsText.readFailed(read.error.message))
      // What is asked about is what main read, not what the page says.
      if (!isAsShown(shown, read.value)) return refused(requestsText.podChanged(pod.name))
      const configuration = shownConfiguration(read.value)
      const asked = await askWhether(ask, editQuestion(edit, configuration, pod, nameOf(accountId)))
      if (!asked.ok || !asked.value) return asked.ok ? ok(null) : asked
      const now = monitor(accountId)
        ?.accountPods()
        .pods.find(({ id }) => id === podId)
      if (now?.phase !== pod.phase) return refused(requestsText.changedWhileAsked(pod.name))
    }
    return carryOut(accountId, (operations) => operations.editPod(podId, edit, shown))
  }

  return {
    changeVolume,
    setMinimumToZero,
    editPod,
    async refreshVolumes(accountId) {
      const current = monitor(accountId)
      if (current === null) return fail(accountText.notConnected)
      await current.refreshVolumes()
      return ok(undefined)
    },
    async volumePlaces(accountId) {
      const read = provider(accountId)
      const [places, gpus] = await Promise.all([
        read?.listDataCenters?.(),
        read?.listGpus?.({ cloud: 'SECURE', count: 1 }),
      ])
      if (places === undefined) return fail(changeRefusalText.noVolumes)
      if (!places.ok) return fail(places.error.message)
      const names = new Map(gpus?.ok === true ? gpus.value.map(({ id, name }) => [id, name]) : [])
      return ok(
        places.value
          .filter(({ volumeKinds }) => volumeKinds.length > 0)
          .map(({ id, name, volumeKinds, gpuStock }) => ({
            id,
            name,
            kinds: volumeKinds,
            gpus: Object.entries(gpuStock)
              .map(([gpuId, stock]) => ({ name: names.get(gpuId) ?? gpuId, stock }))
              .sort((a, b) => stockLevels.indexOf(b.stock) - stockLevels.indexOf(a.stock)),
          })),
      )
    },
    async editablePod(podKey) {
      const { accountId } = parsePodKey(podKey)
      const [configuration, secrets] = await Promise.all([
        readConfiguration(podKey),
        provider(accountId)?.listSecretNames?.(),
      ])
      if (!configuration.ok) return configuration
      return ok({
        configuration: configuration.value,
        secretNames: secrets?.ok === true ? secrets.value : null,
      })
    },
  }
}
