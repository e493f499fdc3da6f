/** The name of the box with the command of a question. */
export const SCRIPT_LABEL = 'Command'
