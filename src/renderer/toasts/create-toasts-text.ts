import { formatUsdPerHour } from '../../core/base/text/format'

export const createToastsText = {
  label: 'New pods',
  waitForGpu: 'Wait until one is free…',
  changeAndRetry: 'Change and try again…',
  terminate: 'Terminate…',
  terminateOf: (pod: string) => `Terminate ${pod}…`,
  notTerminated: (pod: string) => `${pod} was not terminated`,
  running: (pod: string) => `${pod} is running`,
  /** That a pod which was replaced still exists. `usdPerHour`: what it costs; null while unknown. */
  replaced(pod: string, usdPerHour: number | null): string {
    const cost =
      usdPerHour === null || usdPerHour === 0
        ? 'is still there'
        : `still costs ${formatUsdPerHour(usdPerHour)}`
    return `${pod}, which it replaces, ${cost}.`
  },
} as const
