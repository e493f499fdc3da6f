/** Of accounts that a server keeps. */
export const atServerText = {
  /** `isOver`: it need not be waited for. */
  done: (action: string, pod: string, host: string, isOver: boolean): string =>
    isOver ? `${host} accepted the ${action} of ${pod}.` : `${host} is carrying out the ${action} of ${pod}.`,
  orDirectly: 'To send the stop from here, without its rules and its log, use --directly.',
  askDirectly: (pod: string): string => `Stop ${pod} from here instead? Type yes: `,
  fromHere: (action: string, host: string): string =>
    `The ${action} is sent from here, without the log of ${host}, which keeps this account.`,
  nextThere: (account: string, host: string): string =>
    `${host} keeps ${account}: what it stops next is shown there.`,
  guardThere: (host: string): string =>
    `${host} keeps this account, and installs and instructs its guards. Use podkeeper guard there.`,
  autoStopThere: (host: string): string =>
    `${host} keeps this account, and decides which pods are stopped automatically. Use podkeeper auto-stop there.`,
  thereOnly: (host: string): string => `${host} keeps this account. Change this there.`,
} as const
