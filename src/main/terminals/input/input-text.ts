export const inputText = {
  tooMuchInput: 'Too much input is waiting for the shell. Continue once it is open.',
  questionOpen: 'Answer the question in the terminal first.',
  connectionLost: 'The connection was lost. Type once the terminal is open again.',
  notConnected: 'The terminal is not connected.',
} as const
