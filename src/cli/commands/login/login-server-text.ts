export const loginServerText = {
  needsAccount: 'Name the account with --account: it is the one that the server keeps from now on.',
  badUrl: '--server is an https address without a path, such as https://pods.example.org.',
  badCa: (why: string): string => `--ca can’t be read: ${why}.`,
  badToken: 'That is no token of the Pods API: it begins with pkp_.',
  kept: (account: string, host: string): string =>
    `${host} keeps ${account} from now on: only it stops pods by rules and sends alerts. Rules that were set here hold nothing until podkeeper logout --server.`,
  notKept: (account: string): string => `No server keeps ${account}.`,
  ownAgain: (account: string): string =>
    `This computer acts for ${account} and sends alerts again, by the rules that are set here.`,
} as const
