export const appMenuText = {
  label: 'More',
  runCommand: 'Run a command',
  openRunpod: 'Open Runpod',
  couldNotOpenRunpod: 'Couldn’t open Runpod',
  copyDiagnostics: 'Copy diagnostics',
  couldNotCopyDiagnostics: 'Couldn’t copy diagnostics',
  diagnosticsCopied:
    'Diagnostics copied: versions, settings, state and the end of the log, without keys or pod names.',
  addAccount: 'Add an account or replace a key',
  manageAccounts: 'Manage accounts',
} as const

export const dialogsText = {
  couldNotOpen: 'Couldn’t open this',
  job: 'Job',
  editPod: 'Edit pod',
  snippets: 'Snippets',
  editWith: 'Edit with',
} as const
