import { type KeepOnChoice, keepOnChoices } from '../../../core/pod-rules/pod-rules'
import type { PodView } from '../../../core/view/snapshot'
import type { WindowServices } from '../../state/window-context'
import { hasOpenIntent } from '../text/intent-text'
import { newPodTarget } from './new-pod-target'
import { notDoneText } from '../text/not-done-text'

/** What a person can do with one pod from its card, its menu or the command palette. */
export type PodCommand =
  | { readonly kind: 'terminal' }
  | { readonly kind: 'stop' | 'start' | 'start-when-free' | 'restart' | 'terminate' }
  | {
      readonly kind:
        | 'end-keep-on'
        | 'open'
        | 'logs'
        | 'ports'
        | 'files'
        | 'edit-with'
        | 'rules'
        | 'edit'
        | 'lock'
        | 'unlock'
    }
  | { readonly kind: 'show-activity' }
  /** Opens the page of a new pod, filled in by this one. */
  | { readonly kind: 'like' | 'rebuild' }
  | { readonly kind: 'keep-on'; readonly choice: KeepOnChoice }

/**
 * The commands available now, in menu order: the pod's own `actions`, and none while an action is in
 * progress, or before the pod was listed in this run.
 */
export function podCommands(pod: PodView): readonly PodCommand[] {
  const { actions, guard, phase, clusterId } = pod
  if (pod.isFromLastRun === true) return [{ kind: 'open' }, { kind: 'show-activity' }]
  const commands: PodCommand[] = []
  if (pod.sshRoute !== null) commands.push({ kind: 'terminal' })
  if (!hasOpenIntent(pod.intent))
    for (const kind of ['stop', 'start', 'restart', 'terminate'] as const)
      if (actions.includes(kind)) commands.push({ kind })
  if (pod.intent?.canWaitForGpu === true) commands.push({ kind: 'start-when-free' })
  if (canKeepOn(pod)) for (const choice of keepOnChoices) commands.push({ kind: 'keep-on', choice })
  if (guard.keepOn !== null && guard.keptBy === undefined) commands.push({ kind: 'end-keep-on' })
  commands.push({ kind: 'open' })
  if (pod.hasLogs === true && phase !== 'terminated') commands.push({ kind: 'logs' })
  if (phase === 'running') commands.push({ kind: 'ports' })
  if (pod.sshRoute === 'direct') commands.push({ kind: 'files' })
  if (pod.sshRoute === 'direct') commands.push({ kind: 'edit-with' })
  // Clusters are read-only and have no rules.
  if (clusterId === null && phase !== 'terminated') commands.push({ kind: 'rules' })
  if (canEdit(pod)) {
    commands.push({ kind: 'edit' })
    if (pod.isLocked !== null) commands.push({ kind: pod.isLocked ? 'unlock' : 'lock' })
  }
  if (canBeCopied(pod)) commands.push({ kind: 'like' }, { kind: 'rebuild' })
  commands.push({ kind: 'show-activity' })
  return commands
}

/** A lab's pods are changed by its service, and those of a cluster as a whole. */
const canEdit = ({ managed, clusterId, phase, intent }: PodView): boolean =>
  managed === undefined && clusterId === null && phase !== 'terminated' && !hasOpenIntent(intent)
/** Whether another pod like it can be created here: clusters are read-only, and labs create pods themselves. */
export const canBeCopied = ({ clusterId, phase, managed, labKey }: PodView): boolean =>
  clusterId === null && phase !== 'terminated' && managed === undefined && labKey === undefined

/** The pods that can be started now. */
export const startable = (pods: readonly PodView[]): readonly PodView[] =>
  pods.filter((pod) => podCommands(pod).some(({ kind }) => kind === 'start'))

/** Whether "Keep running" applies: cluster pods are read-only, and only running pods have idle costs. */
export function canKeepOn({ phase, clusterId, isFromLastRun }: PodView): boolean {
  return clusterId === null && (phase === 'running' || phase === 'creating') && isFromLastRun !== true
}

/** Runs the command. A failure is shown as a toast; never rejects. */
export async function runPodCommand(
  { bridge, snapshotStore, navigate }: Pick<WindowServices, 'bridge' | 'snapshotStore' | 'navigate'>,
  { key, name }: Pick<PodView, 'key' | 'name'>,
  command: PodCommand,
): Promise<void> {
  switch (command.kind) {
    case 'terminal':
      return void (await snapshotStore.runRequest(notDoneText.terminal(name), bridge.openTerminal(key)))
    case 'stop':
      return void (await snapshotStore.runRequest(notDoneText.stop(name), bridge.act(key, 'stop')))
    case 'start':
      return void (await snapshotStore.runRequest(notDoneText.start(name), bridge.act(key, 'start')))
    case 'start-when-free':
      return void (await snapshotStore.runRequest(notDoneText.startWhenFree(name), bridge.startWhenFree(key)))
    case 'restart':
      return void (await snapshotStore.runRequest(notDoneText.restart(name), bridge.act(key, 'restart')))
    case 'terminate':
      return void (await snapshotStore.runRequest(
        notDoneText.termination(name),
        bridge.confirmTerminate(key),
      ))
    case 'keep-on':
      return void (await snapshotStore.runRequest(
        notDoneText.keepOn(name),
        bridge.keepOn(key, command.choice),
      ))
    case 'end-keep-on':
      return void (await snapshotStore.runRequest(notDoneText.endKeepOn(name), bridge.endKeepOn(key)))
    case 'open':
      return navigate('pod', key)
    case 'logs':
      return navigate('logs', key)
    case 'ports':
      return navigate('ports', key)
    case 'files':
      return navigate('files', key)
    case 'rules':
      return snapshotStore.openDialog({ kind: 'rules', podKey: key })
    case 'edit':
    case 'edit-with':
      return snapshotStore.openDialog({ kind: command.kind, podKey: key })
    case 'lock':
    case 'unlock': {
      const edit = { isLocked: command.kind === 'lock' }
      const result = await snapshotStore.runRequest(
        command.kind === 'lock' ? notDoneText.lock(name) : notDoneText.unlock(name),
        bridge.editPod(key, edit, null),
      )
      if (result !== null) snapshotStore.showToast(result.kind === 'done' ? 'ok' : 'bad', result.message)
      return
    }
    case 'like':
    case 'rebuild':
      return navigate('new-pod', newPodTarget({ kind: command.kind, podKey: key }))
    case 'show-activity':
      return navigate('activity', key)
  }
}
