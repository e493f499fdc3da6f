import { obstacleDetails } from '../obstacles/obstacle-text'
import type { ObstacleView } from '../obstacles/obstacle'
import { computerCheckText } from './computer-check-text'
import type { DoctorLine } from './doctor-line'

/** The reason may be all that the title says. */
const textOf = (one: ObstacleView): string =>
  one.title.toLowerCase() === one.why.toLowerCase()
    ? `${one.title}. ${one.help}`
    : `${one.title}: ${obstacleDetails(one)}`

/** What keeps rules from being carried out, by the list of the program that watches. Null: none does. */
export function obstaclesLine(obstacles: readonly ObstacleView[] | null): DoctorLine {
  if (obstacles === null)
    return { id: 'obstacles', verdict: 'not-checked', text: computerCheckText.nobodyWatches }
  if (obstacles.length === 0) return { id: 'obstacles', verdict: 'ok', text: computerCheckText.noObstacles }
  return {
    id: 'obstacles',
    verdict: obstacles.some(({ severity }) => severity === 'critical') ? 'problem' : 'warning',
    text: obstacles.map(textOf).join(' '),
  }
}
