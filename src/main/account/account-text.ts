export const accountText = {
  aLab: 'the lab',
  notConnected: 'That account is not connected.',
  /** Of a key that was kept for another address. */
  keyForOtherAddress: (keyAddress: string, address: string) =>
    `It is for ${keyAddress}. Paste one for ${address}.`,
  addressInSettings: 'The API address in the settings',
  testRuntime:
    'This copy runs on a test runtime, an Electron out of support, so it talks to this computer only. Use a current Electron for a real key, or try the demo.',
  notCreated: 'It was not created.',
  createUnclear: (details: string) =>
    `${details} It is not known whether the pod was created, and Podkeeper keeps looking for it.`.trim(),
  noKeyInClipboard:
    'The clipboard holds nothing that looks like an API key, so it was not sent anywhere. Copy the key in Runpod, then paste again.',
  noHubifyKeyInClipboard:
    'The clipboard holds nothing that looks like an API key of Hubify, so it was not sent anywhere. Copy the key in Hubify, then paste again.',
  sameAccount: 'Runpod says that this key belongs to the same account as before, so its rules apply again.',
  differentAccount:
    'Runpod says that this key belongs to a different account than before, so the rules of that account apply, if it has any. Those of the other account are kept.',
} as const
