import { formatNumber } from '../../core/base/text/format'
import type { CleanUpView } from '../../core/clean-up/clean-up-view'
import { monthlyText } from '../../core/clean-up/clean-up-text'
import type { SecretTemplate } from '../../core/pods/catalog'

export const cleanUpPageText = {
  title: 'Clean up',
  noAccount: 'No account yet',
  connectFirst: 'Connect an account on the Pods page to see here what it may have left over.',
  notWatched: 'No account is being watched',
  resumeFirst: 'Resume an account in the settings to see here what it may have left over.',
  leftOversOf: (account: string) => `What ${account} may have left over`,
  reading: 'Reading…',
  couldNotRead: (problem: string) => `Couldn’t read what may be left over: ${problem}`,
  nothing: 'Nothing to clean up',
  /** "$42.00 a month": what can be saved. */
  total: ({ total }: Pick<CleanUpView, 'total'>): string =>
    total.usd === 0 && !total.isAtLeast ? 'costs nothing' : `costs ${monthlyText(total)}`,
  /** What was looked for, as far as the service says anything of it. */
  nothingFound({ volumes, templates, keys }: CleanUpView): string {
    const found = [
      ...(volumes === undefined ? [] : ['every network volume is mounted by a pod']),
      'no pod has been stopped for 14 days',
      ...(templates === undefined ? [] : ['no template has a secret in plain text']),
      ...(keys === undefined ? [] : ['every SSH key is on this computer']),
    ].join(', ')
    return `${found.charAt(0).toUpperCase()}${found.slice(1)}.`
  },
} as const

export const sectionText = {
  volumes: {
    title: 'Network volumes that no pod mounts',
    about: 'A serverless endpoint may still use one, which isn’t checked here.',
    none: 'Every network volume is mounted by a pod.',
  },
  pods: {
    title: 'Pods stopped for 14 days or more',
    about: 'Their disks cost money until they are terminated.',
    none: 'No pod has been stopped for 14 days.',
  },
  unclearPods: {
    title: 'Stopped pods, not known for how long',
    about: 'It may be 14 days or more. They are in no total.',
  },
  templates: {
    title: 'Templates with secrets in plain text',
    about:
      'Recognized by the names and values of their variables. Store such values as secrets in Runpod instead.',
    none: 'No template has a secret in plain text.',
  },
  keys: {
    title: 'SSH keys that are not on this computer',
    about: 'They may be on another computer of yours. Whoever has one can log in to pods that start.',
    none: 'Every registered SSH key is on this computer.',
  },
} as const

export const leftoverText = {
  name: 'Name',
  facts: 'Details',
  perMonth: '$/month',
  unknown: 'unknown',
  delete: 'Delete…',
  deleteOne: (name: string) => `Delete ${name}…`,
  terminate: 'Terminate…',
  terminateOne: (name: string) => `Terminate ${name}…`,
  notDeleted: (name: string) => `${name} was not deleted`,
  couldNotAsk: 'Couldn’t open the confirmation',
  /** "50 · at least $2,014.30 a month"; '': one needs none. */
  summary(count: number, prices: readonly (number | null)[]): string {
    if (count < 2) return ''
    const usd = prices.reduce<number>((sum, price) => sum + (price ?? 0), 0)
    const total = prices.length === 0 ? [] : [monthlyText({ usd, isAtLeast: prices.includes(null) })]
    return [formatNumber(count), ...total].join(' · ')
  },
  openSection: (service: string, title: string) => `Open in ${service}: ${title}`,
  public: 'public, everyone can read it',
  serverless: 'for serverless workers',
  noFingerprint: 'it has no fingerprint',
} as const

const MAX_NAMES = 8

/** "HF_TOKEN, WANDB_API_KEY and 2 more": names of variables, never their values. */
export function variablesLine({ variableNames }: Pick<SecretTemplate, 'variableNames'>): string {
  const more = variableNames.length - MAX_NAMES
  return `${variableNames.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
