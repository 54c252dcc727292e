import { join } from 'node:path'
import type { Config } from '../../../shared/runtime/config.ts'
import type { Settings } from '../../../shared/runtime/settings.ts'
import { openObjects } from '../../wiring/objects.ts'
import { openClassifier } from '../../wiring/sentiment-classifier.ts'
import type { Finding } from './doctor-checks.ts'

/** A headline that any classifier can tell. */
const HEADLINE = 'Operating profit rose to EUR 21 mn from EUR 17 mn'

/** Opens the classifier of headlines that the settings name and asks it one; where another stands in for it, its absence is a warning. */
export async function checkSentiment({ s3, home }: Config, { sentiment }: Settings): Promise<Finding> {
  const { backend, fallback } = sentiment
  try {
    const classifier = await openClassifier(sentiment, () => openObjects({ s3, folder: join(home, 'objects') }))
    const started = performance.now()
    await classifier.classify([HEADLINE])
    const { model } = classifier.provenance
    return {
      check: 'sentiment',
      status: 'ok',
      found: `${backend} (${model}) read a headline in ${(performance.now() - started).toFixed(1)} ms`,
    }
  } catch (error) {
    const found = `${backend}: ${(error as Error).message}`
    const instead = fallback === 'none' ? 'sentiment is left out' : `${fallback} reads instead and says so`
    return { check: 'sentiment', status: 'warn', found, advice: `meanwhile ${instead}` }
  }
}
