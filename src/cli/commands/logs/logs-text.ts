import { plainText } from '../../../core/base/text/plain-text'

export const logsText = {
  notOffered: (pod: string) => `The provider of ${plainText(pod)} offers no logs.`,
  waitsForStart: (pod: string) => `${plainText(pod)} is stopped. New lines follow once it is started.`,
  leftOut: (count: number) => `${count} ${count === 1 ? 'line' : 'lines'} couldn’t be read.`,
  tryingAgain: (why: string) => `${why} Trying again.`,
} as const
