import { shortcutLabel } from '../../ui/shortcut-label'

/** All keys of the window, as a list for the dialog. Those of a terminal are in its own menu and in the guide. */
export const windowKeys = (): readonly { readonly keys: readonly string[]; readonly action: string }[] => [
  { keys: ['/'], action: 'Filter the pods' },
  { keys: [shortcutLabel('K')], action: 'Search and run commands' },
  {
    keys: ['G'],
    action: 'Then a page: P Pods, Q Queue, C Costs, T Terminals, O Ports, V Volumes, A Activity, S Settings',
  },
  { keys: ['N'], action: 'Create a pod, or a job on the Queue page' },
  { keys: ['J', 'K'], action: 'Next and previous pod, job or entry' },
  { keys: ['X'], action: 'Select a pod in the table' },
  { keys: ['Shift J', 'Shift K'], action: 'Extend the selection' },
  { keys: ['Enter'], action: 'Open the page of a pod' },
  { keys: ['S'], action: 'Stop the pod, or all selected pods' },
  { keys: ['T'], action: 'Open a terminal on the pod' },
  { keys: ['Ctrl Shift O'], action: 'Move the terminal in use to its own window, or back' },
  { keys: ['R'], action: 'Run the focused job on the Queue page' },
  { keys: ['Alt ↑', 'Alt ↓'], action: 'Move the focused job up or down' },
  { keys: ['Z'], action: 'Undo the last stop or restart, or skip an automatic start' },
  { keys: ['Esc'], action: 'Clear the selection or close' },
  { keys: [shortcutLabel(',')], action: 'Settings' },
  { keys: ['?'], action: 'Show all shortcuts' },
]
