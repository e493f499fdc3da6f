import { keepOnLabel } from '../text/keep-on-text'
import type { IconName } from '../../ui/icon'
import type { PodCommand } from './pod-commands'

export interface CommandText {
  readonly id: string
  /** Label where the context names the pod. */
  readonly label: string
  /** Label that includes the pod's name. */
  readonly sentence: (podName: string) => string
  readonly icon: IconName
}

/** Label and icon of a command; `nowMs` in Unix ms. */
export function commandText(command: PodCommand, nowMs: number): CommandText {
  switch (command.kind) {
    case 'terminal':
      return {
        id: 'terminal',
        label: 'Terminal',
        sentence: (name) => `Terminal on ${name}`,
        icon: 'terminal',
      }
    case 'stop':
      return { id: 'stop', label: 'Stop', sentence: (name) => `Stop ${name}`, icon: 'stop' }
    case 'start':
      return { id: 'start', label: 'Start', sentence: (name) => `Start ${name}`, icon: 'start' }
    case 'start-when-free':
      return {
        id: 'start-when-free',
        label: 'Start when a GPU is free',
        sentence: (name) => `Start ${name} when a GPU is free`,
        icon: 'start',
      }
    case 'restart':
      return { id: 'restart', label: 'Restart', sentence: (name) => `Restart ${name}`, icon: 'refresh' }
    case 'terminate':
      return {
        id: 'terminate',
        label: 'Terminate…',
        sentence: (name) => `Terminate ${name}…`,
        icon: 'warning',
      }
    case 'keep-on': {
      const label = keepOnLabel(command.choice, nowMs)
      const tail = `${label.charAt(0).toLowerCase()}${label.slice(1)}`
      return {
        id: `keep-on-${command.choice}`,
        label,
        sentence: (name) => `Keep ${name} running ${tail}`,
        icon: 'clock',
      }
    }
    case 'end-keep-on':
      return {
        id: 'end-keep-on',
        label: 'Cancel keeping it running',
        sentence: (name) => `Cancel keeping ${name} running`,
        icon: 'clock',
      }
    case 'open':
      return { id: 'open', label: 'Open page', sentence: (name) => `Open ${name}`, icon: 'window' }
    case 'logs':
      return { id: 'logs', label: 'Logs', sentence: (name) => `Logs of ${name}`, icon: 'page' }
    case 'ports':
      return { id: 'ports', label: 'Ports…', sentence: (name) => `Ports of ${name}…`, icon: 'plug' }
    case 'files':
      return { id: 'files', label: 'Files…', sentence: (name) => `Files of ${name}…`, icon: 'disk' }
    case 'edit-with':
      return {
        id: 'edit-with',
        label: 'Edit with…',
        sentence: (name) => `Edit files on ${name} with an editor…`,
        icon: 'page',
      }
    case 'rules':
      return {
        id: 'rules',
        label: 'Guard rules…',
        sentence: (name) => `Guard rules of ${name}…`,
        icon: 'shield',
      }
    case 'edit':
      return { id: 'edit', label: 'Edit…', sentence: (name) => `Edit ${name}…`, icon: 'settings' }
    case 'lock':
      return { id: 'lock', label: 'Lock', sentence: (name) => `Lock ${name}`, icon: 'lock' }
    case 'unlock':
      return { id: 'unlock', label: 'Unlock', sentence: (name) => `Unlock ${name}`, icon: 'lock' }
    case 'like':
      return {
        id: 'like',
        label: 'Create another like this…',
        sentence: (name) => `Create another pod like ${name}…`,
        icon: 'plus',
      }
    case 'rebuild':
      return {
        id: 'rebuild',
        label: 'Rebuild elsewhere…',
        sentence: (name) => `Rebuild ${name} elsewhere…`,
        icon: 'plus',
      }
    case 'show-activity':
      return {
        id: 'show-activity',
        label: 'Show its activity',
        sentence: (name) => `Show activity of ${name}`,
        icon: 'bell',
      }
  }
}
