import { formatNumber } from '../../core/base/text/format'

export const sideNavText = {
  pages: 'Pages',
  demo: 'Demo',
  monitorOnly: 'Monitor only',
  quotaHelp: 'As last reported, shared by every program that uses this key',
  requestsLeft: (count: number) => `${count === 1 ? '1 request' : `${formatNumber(count)} requests`} left`,
  refresh: 'Refresh now',
  couldNotRefresh: 'Couldn’t refresh',
} as const
