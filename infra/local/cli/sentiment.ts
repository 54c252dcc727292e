import type { Command } from 'commander'
import type { Context } from './context.ts'
import { registerSentimentScore } from './sentiment-score.ts'
import { registerSentimentTrain } from './sentiment-train.ts'

/** Adds `sentiment score` and `sentiment train`: how good the news of headlines is, without any state. */
export function registerSentiment(program: Command, context: Context): void {
  const sentiment = program.command('sentiment').description('Sentiment of financial headlines.')
  registerSentimentScore(sentiment, context)
  registerSentimentTrain(sentiment, context)
}
