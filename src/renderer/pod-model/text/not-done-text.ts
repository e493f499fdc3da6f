/** Titles of commands that failed. */
export const notDoneText = {
  terminal: (pod: string) => `No terminal on ${pod}`,
  stop: (pod: string) => `${pod} was not stopped`,
  start: (pod: string) => `${pod} was not started`,
  startWhenFree: (pod: string) => `${pod} isn’t waiting for a GPU`,
  restart: (pod: string) => `${pod} was not restarted`,
  termination: (pod: string) => `${pod} was not terminated`,
  keepOn: (pod: string) => `${pod} isn’t kept running`,
  endKeepOn: (pod: string) => `${pod} is still kept running`,
  lock: (pod: string) => `${pod} was not locked`,
  unlock: (pod: string) => `${pod} was not unlocked`,
} as const
