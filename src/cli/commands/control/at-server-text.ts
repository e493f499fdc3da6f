/** Of accounts that a server keeps. */
export const atServerText = {
  /** `isOver`: it need not be waited for. */
  done: (action: string, pod: string, host: string, isOver: boolean): string =>
    isOver ? `${host} accepted the ${action} of ${pod}.` : `${host} is carrying out the ${action} of ${pod}.`,
  refused: (host: string, why: string): string => `${host}, which keeps this account, refused: ${why}.`,
  lost: (host: string, why: string): string => `${host}, which keeps this account, can’t be reached: ${why}.`,
  unreadable: 'its reply can’t be read',
  unclear: (host: string, why: string): string =>
    `It is not known whether ${host} carried this out: ${why}. Check with podkeeper status.`,
  nothingDone: 'Nothing was done.',
  orDirectly: 'To send the stop from here, without its rules and its log, use --directly.',
  askDirectly: (pod: string): string => `Stop ${pod} from here instead? Type yes: `,
  nextThere: (account: string, host: string): string =>
    `${host} keeps ${account}: what it stops next is shown there.`,
  thereOnly: (host: string): string => `${host} keeps this account. Change this there.`,
} as const
