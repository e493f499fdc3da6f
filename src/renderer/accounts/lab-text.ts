import type { LabKeyReplacement } from '../../shared/requests/account-requests'
import { formatRemaining } from '../../core/base/text/format'

/** What only the account of a lab has. */
export const labRowsText = {
  slowed: (intervalMs: number) =>
    `Podkeeper checks this lab every ${formatRemaining(intervalMs)}, because all labs of a key share its request quota. Alerts and stops can be delayed by that much.`,
  announcedRoutes: 'Use announced Hubify routes',
  announcedRoutesHelp:
    'Restart, terminate, SSH, settings and new pods through Hubify’s API, as far as it offers them. Until then, use its web app.',
  setInWebApp: 'Hubify’s idle alert and auto-schedule are set in its web app.',
  open: 'Open in Hubify',
  openOf: (account: string) => `Open in Hubify: ${account}`,
  pasteKey: 'Paste another key',
  pasteKeyFor: (account: string) => `Paste another key for ${account}`,
  checkingClipboard: 'Checking the key in your clipboard…',
  couldNotCheckKey: 'Couldn’t check the key',
  couldNotChange: 'Couldn’t change the setting',
  couldNotOpen: 'Couldn’t open the page',
  idleAlert: 'Hubify’s idle alert',
  idleAlertHelp: 'Hubify alerts after this many idle minutes. Podkeeper’s own alert is a separate setting.',
  idleAlertProblem: 'Enter whole minutes, from 1 to 1440.',
  autoSchedule: 'Hubify’s auto-schedule',
  autoScheduleHelp: 'With auto-schedule, Hubify starts queued experiments on idle pods.',
  unknown: 'Unknown',
  on: 'On',
  off: 'Off',
  keyReplaced(result: LabKeyReplacement): string {
    if (result.kind !== 'replaced') return result.message
    const left =
      result.left.length === 0
        ? ''
        : ` It has no access to ${result.left.join(', ')}, which keeps its previous key.`
    return `The key ending in ${result.ending} is now used for ${result.names.join(', ')}.${left}`
  },
} as const

/** The form of a new pod in a lab. */
export const newLabPodText = {
  newPod: 'New pod',
  newPodIn: (lab: string) => `New pod in ${lab}`,
  gpuType: 'GPU type',
  gpuCount: 'Number of GPUs',
  maxHours: 'Maximum hours',
  noLimit: 'No limit',
  withoutLimit: 'Without a limit, it runs until someone terminates it.',
  withLimit: 'Hubify terminates the pod after this many hours, which can’t be undone.',
  image: 'Image',
  volumeGb: 'Volume, GB',
  pasteVariables: 'Paste variables',
  couldNotReadVariables: 'Couldn’t read the variables',
  variablesHint: 'Copy lines of NAME=value first. Their values never enter this window.',
  variables: (names: string) => `Variables: ${names}`,
  cost: 'You pay for the pod once it exists. Podkeeper asks before creating it.',
  create: 'Create pod…',
  created: (lab: string) => `Pod created in ${lab}.`,
  couldNotCreate: 'Couldn’t create the pod',
} as const
