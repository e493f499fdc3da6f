/** Of the options that say where the Pods API is served. */
export const servePlaceText = {
  badAddress: (given: string) => `--bind: ${given} is not an IP address of this computer.`,
  badHost: (given: string) => `--allow-host: ${given} is not a host name.`,
  halfTls: 'A certificate needs its key, and a key its certificate: use --tls-cert and --tls-key together.',
  needsEncryption: (address: string) =>
    `Other computers can reach ${address}, so tokens have to be encrypted on their way. Use --tls-cert and --tls-key, or --behind-proxy if a proxy encrypts what leaves your network.`,
  needsHost: (address: string) =>
    `${address} stands for every address of this computer, so say by which names it is reached: --allow-host NAME.`,
} as const
