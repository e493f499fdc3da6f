export const exportText = {
  head: ' Podkeeper configuration: podkeeper apply FILE makes it so. It has no secrets, and none of what has its default.',
  noAddress: ' address: { env: NAME } or { file: PATH }, where this channel isn’t set up yet',
  noHeartbeatAddress: ' address: { env: NAME } or { file: PATH }, where it isn’t set up yet',
  tokens:
    ' A token that isn’t there yet is created by apply, which prints it once. Times of expiry are not exported.',
} as const
