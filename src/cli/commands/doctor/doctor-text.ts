export const doctorText = {
  checking: (account: string) => `Checking ${account}…`,
  fileExists: (path: string) => `${path} already exists, so nothing was checked. Choose another name.`,
  notWritable: (path: string, why: string) =>
    `The recording can’t be written to ${path}, so nothing was checked: ${why}`,
  notWritten: (path: string, why: string) => `The recording couldn’t be written to ${path}: ${why}`,
  appeared: 'a file of that name has appeared',
  oneAccount: 'A recording is of one account. Choose it with --account.',
  runpodOnly: 'Only Runpod accounts can be recorded.',
  written: (path: string, replies: number) =>
    `Wrote ${replies === 1 ? '1 reply' : `${replies} replies`} to ${path}. Names, ids, addresses, variables and keys are replaced; read it before you send it.`,
  source: (version: string) => `podkeeper doctor ${version}`,
} as const
