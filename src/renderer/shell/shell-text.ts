import { formatNumber } from '../../core/base/text/format'
import type { Snapshot } from '../../core/view/snapshot'

export const demoText = {
  simulated: 'Demo: these pods are simulated on this computer and cost nothing.',
  leave: 'Leave demo',
  couldNotLeave: 'Couldn’t leave the demo',
} as const

export const sideNavText = {
  pages: 'Pages',
  demo: 'Demo',
  monitorOnly: 'Monitor only',
  quotaHelp: 'As last reported, shared by every program that uses this key',
  requestsLeft: (count: number) => `${count === 1 ? '1 request' : `${formatNumber(count)} requests`} left`,
  refresh: 'Refresh now',
  couldNotRefresh: 'Couldn’t refresh',
} as const

export const appMenuText = {
  label: 'More',
  runCommand: 'Run a command',
  copyDiagnostics: 'Copy diagnostics',
  couldNotCopyDiagnostics: 'Couldn’t copy diagnostics',
  diagnosticsCopied:
    'Diagnostics copied: versions, settings, state and the end of the log, without keys or pod names.',
  addAccount: 'Add an account or replace a key',
  manageAccounts: 'Manage accounts',
} as const

export const dialogsText = {
  couldNotOpen: 'Couldn’t open this',
  job: 'Job',
  editPod: 'Edit pod',
  snippets: 'Snippets',
  editWith: 'Edit with',
} as const

/** "Auto-stop: 5 pods", "Auto-stop: 3 of 5", which fits on one line, "Auto-stop paused"; empty without pods. */
export function autoStopCountText({ pods, guard }: Pick<Snapshot, 'pods' | 'guard'>): string {
  const stoppable = pods.filter(({ clusterId, phase }) => clusterId === null && phase !== 'terminated')
  if (stoppable.length === 0) return ''
  if (guard.areAutoStopsPaused) return 'Auto-stop paused'
  const count = stoppable.filter((pod) => pod.guard.isAutoStopEnabled).length
  if (count === 0) return 'Auto-stop: no pods'
  if (count < stoppable.length)
    return `Auto-stop: ${formatNumber(count)} of ${formatNumber(stoppable.length)}`
  return `Auto-stop: ${count === 1 ? '1 pod' : `${formatNumber(count)} pods`}`
}
