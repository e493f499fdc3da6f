/** The server that keeps an account. */
export const serverRowsText = {
  none: 'This computer manages its pods. Where several people share the account, a server can do that for all of them.',
  connect: 'Connect to a server…',
  connectOf: (account: string) => `Connect to a server… for ${account}`,
  notConnected: 'The server wasn’t connected',
  connected: (account: string) =>
    `A server manages ${account} from now on: only it stops pods by rules and sends alerts.`,
  disconnect: 'Disconnect server…',
  disconnectOf: (account: string) => `Disconnect server… of ${account}`,
  notDisconnected: 'The server wasn’t disconnected',
  disconnected: (account: string) =>
    `This computer manages ${account} again, by the rules that are set here.`,
} as const
