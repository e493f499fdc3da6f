import { testDetection } from '../harness/monitor/test-detection'

testDetection([
  ['may lose its data', 1_000_056],
  ['telemetry cancels a planned stop', 1_000_001],
])
