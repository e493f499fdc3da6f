import { vanishedText } from '../../core/polling/outside-stop-text'
import type { PodFilter, PodGrouping, PodOrder, PodsView } from '../state/arrange/pod-filter'
import type { GonePodView } from '../../core/view/snapshot'

export const podsText = {
  title: 'Pods',
  newPod: 'New pod',
  layout: 'Layout',
  cards: 'Cards',
  table: 'Table',
  show: 'Show',
  shownCount: (shown: number, count: number) => `${shown} of ${count} shown`,
  groupBy: 'Group by',
  group: 'Group',
  sortBy: 'Sort by',
  sort: 'Sort',
  filter: 'Filter: h100 idle > $5',
  search: 'Search pods',
  noResults: 'No results',
  showAll: (count: number) => (count === 1 ? 'Show the pod' : `Show all ${count} pods`),
  gone: 'Gone',
  inLastDay: (count: number) => `${count} in the last 24 hours`,
  /** How a pod ended, without claiming more than is known. */
  goneHow: (pod: string, how: GonePodView['how']) =>
    how === 'reported' ? `${pod} was terminated.` : `${pod} is gone. ${vanishedText}.`,
} as const

/** Why no pod is shown. */
export const emptyPodsText = {
  couldNotRefresh: 'Couldn’t refresh',
  replaceKey: 'Replace key',
  manageAccounts: 'Manage accounts',
  paused: 'This account is paused',
  pausedHelp: 'Its pods aren’t watched or stopped, and its costs aren’t counted.',
  resume: 'Resume watching',
  couldNotResume: 'Couldn’t resume watching',
  noneResponds: 'No account is responding',
  noneRespondsHelp: 'Pods appear here as soon as one of your accounts responds.',
  keyUnusable: (ending: string) => `The key ending in ${ending} can’t be used`,
  connecting: 'Looking for your pods…',
  connectingHelp: 'This takes a moment. If nothing appears, check your network.',
  noneOnThese: 'No pods on these accounts',
  noneOnThis: 'No pods on this account',
  newPod: 'New pod',
  partial:
    'Only part of the list could be read, so there may be pods after all. Podkeeper tries again automatically.',
  appearSoon: 'New pods appear within a minute, wherever you start them.',
  offline: (service: string) => `${service} isn’t responding`,
  offlineHelp: 'Check your network in the meantime.',
  unreadable: (service: string) => `The answer didn’t come from ${service}`,
  unreadableHelp: 'A proxy or a sign-in page on your network may be in the way.',
  rateLimited: 'Too many requests',
  keyDoubted: (service: string) => `${service} refused the key once`,
  keyRefused: (service: string) => `${service} no longer accepts this key`,
  forbidden: 'This key can’t list pods',
  forbiddenHelp: (service: string) => `Give it read access in ${service}, or add another key.`,
} as const

export const filterLabels: Readonly<Record<PodFilter, string>> = {
  all: 'All',
  idle: 'Idle',
  running: 'Running',
  creating: 'Creating',
  error: 'Error',
  unknown: 'Unknown',
  stopped: 'Stopped',
}

export const orderLabels: Readonly<Record<PodOrder, string>> = {
  price: 'Price',
  idle: 'Idle longest',
  'idle-cost': 'Wasted',
  name: 'Name',
  age: 'Oldest first',
  hardware: 'GPU',
  account: 'Account',
}

export const groupingLabels: Readonly<Record<PodGrouping, string>> = {
  state: 'State',
  account: 'Account',
  gpu: 'GPU',
  'data-center': 'Data center',
  none: 'None',
}

/** Describes the search and filter that match nothing. */
export function noMatchText({ filter, search }: Pick<PodsView, 'filter' | 'search'>): string {
  const query = search.trim()
  const scope = filter === 'all' ? '' : ` in “${filterLabels[filter]}”`
  return query === ''
    ? `There are no pods${scope} right now.`
    : `No pod${scope} matches “${query}”. Words are found in name, GPU, place and state; > $5 in the price.`
}
