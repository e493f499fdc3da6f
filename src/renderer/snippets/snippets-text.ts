export const snippetsText = {
  title: 'Snippets',
  help: 'Saved commands, inserted into a terminal for you to run',
  values: 'May hold {pod.name}, {pod.id}, {pod.host} and {pod.port}, each as one quoted word.',
  none: 'No snippets yet.',
  add: 'Add snippet',
  addTitle: 'New snippet',
  editTitle: 'Edit snippet',
  edit: 'Edit',
  editOf: (name: string) => `Edit ${name}`,
  remove: 'Remove',
  removeOf: (name: string) => `Remove ${name}`,
  removed: (name: string) => `${name} removed`,
  name: 'Name',
  command: 'Command',
  save: 'Save',
  couldNotRead: 'Couldn’t read the snippets',
  couldNotSave: 'Couldn’t save the snippets',
  tooMany: (count: number) => `There are ${count} snippets already. Remove one first.`,
} as const

export const insertText = {
  title: (pod: string) => `Insert a snippet on ${pod}`,
  help: 'It is put into the terminal as shown. Nothing runs until you press Enter there.',
  newTerminal: 'It is put into a new terminal as shown. Nothing runs until you press Enter there.',
  couldNotInsert: 'Couldn’t insert the snippet',
  manage: 'Manage snippets',
} as const
