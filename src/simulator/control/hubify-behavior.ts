import * as v from 'valibot'

const behaviorSchema = v.strictObject({
  hasPlannedRoutes: v.boolean(),
  unknownRoutes: v.picklist(['html', 'empty', 'method-not-allowed']),
  errors: v.picklist(['envelope', 'problem', 'text', 'message']),
  lists: v.picklist(['data', 'data.name', 'name', 'bare']),
  names: v.picklist(['documented', 'snake_case']),
  quotaHeaders: v.picklist(['tightest', 'minute', 'none']),
  hasHourlyCost: v.boolean(),
  hasUsageInLists: v.boolean(),
})

/**
 * Where Hubify's documents leave open, or contradict each other on, how it answers.
 *
 *   hasPlannedRoutes  whether the routes exist that the page calls planned
 *   unknownRoutes     a route that doesn't exist is a 404 as a web page or without a body, or a 405 without a body
 *                     where another method exists at its path
 *   errors            {"error": {"code", "message", "status"}}, RFC 7807, {"error": "text"} or {"message": "text"}
 *   lists             {"data": […]}, {"data": {"pods": […]}}, {"pods": […]} or […]; also for single objects
 *   names             camelCase with times in ms, except for labs, or snake_case with ISO 8601 everywhere
 *   quotaHeaders      those of the window with the fewest requests left, of the minute, or none
 *   hasHourlyCost     whether pods have `hourlyCostUsd`
 *   hasUsageInLists   whether `gpuUtilization`, `memoryUtilization` and `idleMinutes` are in lists, too
 */
export type HubifyBehavior = Readonly<v.InferOutput<typeof behaviorSchema>>

export const documentedBehavior: HubifyBehavior = {
  hasPlannedRoutes: false,
  unknownRoutes: 'html',
  errors: 'envelope',
  lists: 'data',
  names: 'documented',
  quotaHeaders: 'tightest',
  hasHourlyCost: true,
  hasUsageInLists: false,
}

/** Parses changes from JSON; throws with the reason if they are invalid. */
export function readBehavior(value: unknown): Partial<HubifyBehavior> {
  const changes = v.parse(v.partial(behaviorSchema), value)
  return Object.fromEntries(Object.entries(changes).filter(([, each]) => each !== undefined))
}
