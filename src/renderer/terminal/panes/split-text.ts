export const splitText = {
  pane: (index: number, count: number) => `Pane ${index} of ${count}`,
  width: 'Width of the panes to the left',
  height: 'Height of the panes above',
  couldNotResize: 'Couldn’t resize the panes',
} as const
