import { fail, ok, type Result } from '../base/result'
import type { ShownEndpoint } from '../endpoints/endpoint-view'
import type { IntentRunner } from '../intents/intent-runner'
import type { AccountContext } from '../pod-rules/account-context'
import type { Fleet } from '../polling/fleet'
import { areAllMountsKnown, type Pod, type PodId, podNotListedText } from '../pods/pod'
import { namesText, shortName } from '../pods/pod-name'
import type { NetworkVolume, Provider, ProviderError, RequestStamp } from '../pods/provider'
import type { EndpointId } from '../pods/serverless/serverless-endpoint'
import {
  type ChangeResult,
  type ChangeRunner,
  type ChangeRunnerParts,
  createChangeRunner,
  refused,
} from './change-runner'
import { editText, minimumChangeText, volumeChangeText } from './change-text'
import {
  editProblem,
  isAsShown,
  isEditSeen,
  isHarmless,
  type PodEdit,
  type ShownConfiguration,
  toPodChanges,
} from './pod-edit'
import { minimumProblem, prepareMinimumChange } from './endpoint-change'
import { NOT_SUPPORTED, type SendableChange } from './send-change'
import { createTemplateRequests, type TemplateRequests } from './template-delete'
import {
  isVolumeChangeSeen,
  shownVolumeProblem,
  type VolumeChange,
  volumeChangeProblem,
} from './volume-change'
import { changeRefusalText } from './refusal-text'

/** What a person may change besides what pods do. Messages are sentences. */
export interface ChangeRequests extends TemplateRequests {
  /** The change of a volume, once it was confirmed. */
  changeVolume(change: VolumeChange, isFromCommandLine: boolean): Promise<ChangeResult>
  /** The edit of a pod, once it was confirmed. `shown`: as it was then; null is enough for a name and a lock. */
  editPod(
    podId: PodId,
    edit: PodEdit,
    shown: ShownConfiguration | null,
    isFromCommandLine: boolean,
  ): Promise<ChangeResult>
  /** Sets the minimum of workers of an endpoint to 0, once it was confirmed. `shown`: as it was then. */
  setMinimumToZero(shown: ShownEndpoint, isFromCommandLine: boolean): Promise<ChangeResult>
  /** Reads the network volumes now. */
  refreshVolumes(): Promise<void>
}

export interface AccountChanges extends Pick<ChangeRunner, 'openTexts' | 'shutDown' | 'dispose'> {
  readonly requests: ChangeRequests
  /** Whether the account can have network volumes. */
  readonly hasVolumes: boolean
}

/** Other parts of the account that changes need. */
export interface ChangeParts extends ChangeRunnerParts {
  readonly fleet: Pick<Fleet, 'pod' | 'pods' | 'stampRequest' | 'isListPartial' | 'listedAtMs'>
  readonly intentRunner: Pick<IntentRunner, 'podsWithOpenIntent'>
  /** A reply that may show a pod. */
  readonly onReply: (reply: Result<Pod | null, ProviderError>, stamp: RequestStamp) => void
  /** The service shows that the minimum of an endpoint is 0 now. */
  readonly onMinimumZero: (id: EndpointId, earlierMinimum: number) => void
  /** Called before the volumes are requested; its result takes the reply. */
  readonly expectVolumes: () => (listed: Result<readonly NetworkVolume[], ProviderError>) => void
}

/** Changes volumes and pods of one account. See docs/product-rules.md#115-volumes-and-edits. */
export function createAccountChanges(context: AccountContext, parts: ChangeParts): AccountChanges {
  const { provider, clock } = context
  const { fleet } = parts
  const runner = createChangeRunner(context, parts)

  async function listVolumes(): Promise<Result<readonly NetworkVolume[], ProviderError> | null> {
    const take = parts.expectVolumes()
    const listed = (await provider.listNetworkVolumes?.()) ?? null
    if (listed !== null && !runner.isEnded()) take(listed)
    return listed
  }

  async function changeVolume(change: VolumeChange, isFromCommandLine: boolean): Promise<ChangeResult> {
    const problem = volumeChangeProblem(change)
    if (problem !== null) return { kind: 'refused', ...problem }
    const id = change.kind === 'create' ? `volume named ${change.spec.name}` : `volume ${change.volume.id}`
    const prepare = () => prepareVolumeChange(change)
    return runner.run({ id, pod: null }, volumeChangeText(change), prepare, isFromCommandLine)
  }

  async function prepareVolumeChange(change: VolumeChange): Promise<Result<SendableChange, string>> {
    const listed = await listVolumes()
    if (listed === null) return fail(changeRefusalText.noVolumes)
    if (!listed.ok)
      return fail(`Nothing was done, since the volumes could not be read: ${listed.error.message}`)
    const current = change.kind === 'create' ? ok(undefined) : changedVolume(change, listed.value)
    if (!current.ok) return current
    const earlierIds = new Set(listed.value.map(({ id }) => id))
    return ok({
      async send() {
        const reply = await sendVolumeChange(provider, change)
        if (!reply.ok) return reply
        return ok({
          isShown: reply.value !== null && isVolumeChangeSeen(change, [reply.value], earlierIds),
        })
      },
      async isSeen() {
        const read = await listVolumes()
        return read?.ok === true ? isVolumeChangeSeen(change, read.value, earlierIds) : null
      },
    })
  }

  /** Whether the volume is as it was shown, and not in use where that matters. */
  function changedVolume(
    change: Exclude<VolumeChange, { kind: 'create' }>,
    volumes: readonly NetworkVolume[],
  ): Result<void, string> {
    const { volume } = change
    const problem = shownVolumeProblem(volume, volumes)
    if (problem !== null) return fail(problem)
    if (change.kind !== 'delete') return ok(undefined)
    const isUnknown = fleet.listedAtMs() === null || fleet.isListPartial() || !areAllMountsKnown(fleet.pods())
    if (isUnknown)
      return fail('Nothing was deleted, since it is not known which pods use the volume. Try again later.')
    const users = fleet
      .pods()
      .filter(({ networkMounts }) => networkMounts.some(({ volumeId }) => volumeId === volume.id))
    return users.length === 0
      ? ok(undefined)
      : fail(`The volume is attached to ${namesText(users)}. Nothing was deleted.`)
  }

  async function setMinimumToZero(shown: ShownEndpoint, isFromCommandLine: boolean): Promise<ChangeResult> {
    const problem = minimumProblem(shown, shown)
    if (problem !== null) return refused(problem)
    const onZero = (earlierMinimum: number) => parts.onMinimumZero(shown.id, earlierMinimum)
    const prepare = () => prepareMinimumChange(provider, shown, onZero)
    const target = { id: `endpoint ${shown.id}`, pod: null }
    return runner.run(target, minimumChangeText(shown), prepare, isFromCommandLine)
  }

  async function editPod(
    podId: PodId,
    edit: PodEdit,
    shown: ShownConfiguration | null,
    isFromCommandLine: boolean,
  ): Promise<ChangeResult> {
    const pod = fleet.pod(podId)
    if (pod === null) return refused(podNotListedText)
    if (provider.updatePod === undefined || provider.readPodConfiguration === undefined)
      return refused(changeRefusalText.cannotEdit)
    const problem = editProblem(edit, pod)
    if (problem !== null) return refused(problem)
    const prepare = () => prepareEdit(pod, edit, shown)
    return runner.run({ id: `pod ${podId}`, pod }, editText(pod.name, edit), prepare, isFromCommandLine)
  }

  async function prepareEdit(
    { id: podId, name }: Pod,
    edit: PodEdit,
    shown: ShownConfiguration | null,
  ): Promise<Result<SendableChange, string>> {
    const readConfiguration = () =>
      isHarmless(edit) ? null : (provider.readPodConfiguration?.(podId) ?? fail(NOT_SUPPORTED))
    const read = await readConfiguration()
    if (read?.ok === false)
      return fail(`Nothing was changed, since the pod could not be read: ${read.error.message}`)
    const configuration = read?.value ?? null
    if (configuration !== null && (shown === null || !isAsShown(shown, configuration)))
      return fail(`${shortName(name)} has changed, so nothing was done. Check it and try again.`)
    const changes = toPodChanges(edit, configuration)
    if (!changes.ok) return changes
    const earlier = configuration?.environment ?? null
    // Last, because an action may have been requested while the pod was read.
    if (parts.intentRunner.podsWithOpenIntent().includes(podId))
      return fail(`An action on ${shortName(name)} is under way. Try again when it ends.`)
    let isAccepted = false
    return ok({
      async send() {
        const stamp = fleet.stampRequest(clock.now())
        const reply = (await provider.updatePod?.(podId, changes.value)) ?? fail(NOT_SUPPORTED)
        parts.onReply(reply, stamp)
        if (!reply.ok) return reply
        isAccepted = true
        const pod = reply.value && { ...reply.value, configuration: null }
        return ok({ isShown: pod !== null && isEditSeen(changes.value, pod, earlier, true) })
      },
      async isSeen() {
        const stamp = fleet.stampRequest(clock.now())
        const pod = await provider.getPod(podId)
        if (!pod.ok) return null
        parts.onReply(pod, stamp)
        const set = await readConfiguration()
        if (set?.ok === false) return null
        const seen = { ...pod.value, configuration: set?.value ?? null }
        return isEditSeen(changes.value, seen, earlier, isAccepted)
      },
    })
  }

  return {
    requests: {
      ...createTemplateRequests(context, runner),
      changeVolume,
      setMinimumToZero,
      editPod,
      refreshVolumes: async () => void (await listVolumes()),
    },
    hasVolumes: provider.listNetworkVolumes !== undefined,
    openTexts: runner.openTexts,
    shutDown: runner.shutDown,
    dispose: runner.dispose,
  }
}

/** The only place that sends a change of a volume. */
async function sendVolumeChange(
  provider: Provider,
  change: VolumeChange,
): Promise<Result<NetworkVolume | null, ProviderError>> {
  switch (change.kind) {
    case 'create':
      return (await provider.createNetworkVolume?.(change.spec)) ?? fail(NOT_SUPPORTED)
    case 'rename':
      return (
        (await provider.changeNetworkVolume?.(change.volume.id, { name: change.name })) ?? fail(NOT_SUPPORTED)
      )
    case 'grow':
      return (
        (await provider.changeNetworkVolume?.(change.volume.id, { sizeGb: change.sizeGb })) ??
        fail(NOT_SUPPORTED)
      )
    case 'delete': {
      const deleted = (await provider.deleteNetworkVolume?.(change.volume.id)) ?? fail(NOT_SUPPORTED)
      return deleted.ok ? ok(null) : deleted
    }
  }
}
