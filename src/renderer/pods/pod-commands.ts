import type { KeepOnChoice } from '../../core/guard'
import { keepOnChoices } from '../../core/guard'
import type { PodView } from '../../core/snapshot'
import type { Bridge } from '../../shared/ipc'
import type { Mirror } from '../state/mirror'
import { isOpen } from './intent-words'

/** What a person can do with one pod, from its card, its menu or the command palette. */
export type PodCommand =
  | { readonly kind: 'stop' | 'start' | 'restart' | 'terminate' | 'end-keep-on' }
  | { readonly kind: 'keep-on'; readonly choice: KeepOnChoice }

/** What is possible now, in the order of a menu: what the pod allows itself, while nothing is on its way. */
export function podCommands(pod: PodView): readonly PodCommand[] {
  const { actions, guard } = pod
  const commands: PodCommand[] = []
  if (!isOpen(pod.intent))
    for (const kind of ['stop', 'start', 'restart', 'terminate'] as const)
      if (actions.includes(kind)) commands.push({ kind })
  if (canKeepOn(pod)) for (const choice of keepOnChoices) commands.push({ kind: 'keep-on', choice })
  if (guard.keepOn !== null) commands.push({ kind: 'end-keep-on' })
  return commands
}

/** Whether there is something to hold back: a cluster's pod is read-only, and one that does not run costs no idle time. */
export function canKeepOn({ phase, clusterId }: PodView): boolean {
  return clusterId === null && (phase === 'running' || phase === 'creating')
}

/** Does it; a failure becomes a line of the window. Never rejects. */
export async function runPodCommand(
  { bridge, mirror }: { readonly bridge: Bridge; readonly mirror: Mirror },
  { id, name }: Pick<PodView, 'id' | 'name'>,
  command: PodCommand,
): Promise<void> {
  switch (command.kind) {
    case 'stop':
      return void (await mirror.report(`${name} was not stopped`, bridge.stopPod(id)))
    case 'start':
      return void (await mirror.report(`${name} was not started`, bridge.startPod(id)))
    case 'restart':
      return void (await mirror.report(`${name} was not restarted`, bridge.restartPod(id)))
    case 'terminate':
      return void (await mirror.report(`Not asked about ${name}`, bridge.askTerminate(id)))
    case 'keep-on':
      return void (await mirror.report(`${name} is not kept on`, bridge.keepOn(id, command.choice)))
    case 'end-keep-on':
      return void (await mirror.report(`${name} is still kept on`, bridge.endKeepOn(id)))
  }
}
