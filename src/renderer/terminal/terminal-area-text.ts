export const terminalAreaText = {
  search: 'Search terminal',
  couldNotOpen: 'Couldn’t open a terminal',
  couldNotSplit: 'Couldn’t split the terminal',
  panes: (count: number) => `${count} panes`,
  couldNotClose: 'Couldn’t close the terminal',
  couldNotMove: 'Couldn’t move the terminal',
  couldNotPlace: 'Couldn’t move the terminal to another window',
  split: 'Split',
  splitKey: 'Ctrl \\',
  moveKey: 'Ctrl Shift O',
  couldNotRename: 'Couldn’t rename the terminal',
  couldNotNotify: 'Couldn’t change the notification',
  tabs: 'Terminals',
  tabKeys: 'F2 renames, Delete closes, Ctrl Shift and an arrow move a tab.',
  /** `title`: what the program in it calls itself; empty without one. */
  tabTitle: (tab: string, status: string, title: string) =>
    title === '' ? `${tab}: ${status}` : `${tab}: ${status}. It calls itself “${title}”.`,
} as const

export const terminalMenuText = {
  newTerminal: 'New terminal',
  newTerminalOn: 'New terminal on',
  noPod: 'No pod available',
  moreFor: (tab: string) => `Actions of ${tab}`,
  newTab: 'New tab on this pod',
  splitRight: 'Split right',
  splitDown: 'Split down',
  newTabInMain: 'New tab in the main window',
  toOwnWindow: 'Move to its own window',
  toMainWindow: 'Move to main window',
  closePane: 'Close pane',
  closeTab: 'Close tab',
  rename: 'Rename…',
  moveLeft: 'Move left',
  moveRight: 'Move right',
  openPage: 'Open in Terminals page',
  snippets: 'Insert snippet…',
  notify: 'Notify when this command ends',
  dontNotify: 'Don’t notify when this command ends',
  showGpus: 'Show GPUs beside it',
  hideGpus: 'Hide GPUs',
  showFiles: 'Show files beside it',
  hideFiles: 'Hide files',
  connection: 'Connection',
  shortcuts: 'Keyboard shortcuts',
} as const

export const terminalDialogText = {
  closeQuestion: (tab: string) => `Close ${tab}?`,
  closePaneQuestion: (tab: string) => `Close this pane of ${tab}?`,
  close: (count: number) => (count === 1 ? 'Close terminal' : `Close ${count} terminals`),
  closeEffect: (pod: string, count: number) =>
    count === 1
      ? `This ends the shell on ${pod} and everything running in it. The pod keeps running.`
      : `This ends ${count} shells on ${pod} and everything running in them. The pod keeps running.`,
  shortcuts: 'Terminal shortcuts',
  otherKeys: 'All other keys go to the shell.',
  connection: 'Connection',
  account: 'Account',
  throughProxy: 'Through Runpod’s proxy',
  direct: 'Direct to the pod',
  proxyKey: 'Proxy key',
  hostKey: 'Host key',
  proxyLimits: 'The proxy supports a shell only, no file transfer or port forwarding.',
  renameTitle: 'Rename terminal',
  name: 'Name (empty for the pod’s name)',
  rename: 'Rename',
} as const
