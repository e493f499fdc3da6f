/** Keys of the terminal, as they are shown. */
export const keysText = {
  interrupt: '^C',
  undo: (key: string) => `${key} or ^C`,
} as const
