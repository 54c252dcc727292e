import type { Command } from 'commander'
import { likeliestLabel } from '../../../shared/domain/sentiment/sentiment.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { SENTIMENT_BACKENDS, type SentimentBackend } from '../../../shared/runtime/sentiment-settings.ts'
import type { Context } from './context.ts'
import { type Cell, printTable } from './output.ts'
import { readTexts } from './sentiment-texts.ts'

const COLUMNS = ['text', 'label', 'negative', 'neutral', 'positive'] as const
const HELP = `
FILE     a CSV whose header has a column "text" (other columns are ignored); any other file is read as one text a line, but
         for one that begins with names alone (title,date): that is a CSV without the column, and refused.
         May be gzipped, or - for standard input. Of a text, the first 1,000 characters count.

Prints text,label,negative,neutral,positive, a row a text in the order of the file: probabilities (calibrated by
onnx-linear; of hailo-ollama 1 for its label), and the label that is likeliest. Texts are printed as they came. A text
without a letter or digit has no label and no probabilities (null with --json).
Which backend and model answered is said on stderr; no other stands in for one that is away (exit code 3).

Examples:
  echo 'Operating profit rose to EUR 21 mn from EUR 17 mn' | edgefund sentiment score -
  edgefund sentiment score headlines.csv --backend onnx-transformer --model models/finbert
  edgefund sentiment score headlines.csv --backend hailo-ollama --url http://pi5:8000 --model qwen2.5-instruct:1.5b`

interface ScoreFlags {
  readonly backend: string
  readonly model?: string
  readonly url?: string
}

/** Adds `sentiment score FILE`. */
export function registerSentimentScore(sentiment: Command, { io, interrupted }: Context): void {
  sentiment
    .command('score')
    .summary('score headlines: label and probabilities')
    .description('Tells whether the news of headlines is negative, neutral or positive.')
    .argument('<FILE>', 'CSV with a column "text", or lines, or -')
    .option('--backend <NAME>', SENTIMENT_BACKENDS.join(', '), 'onnx-linear')
    .option('--model <MODEL>', "a linear model's file; a transformer's folder; the tag of a model of hailo-ollama")
    .option('--url <URL>', 'where hailo-ollama is')
    .addHelpText('after', HELP)
    .action(async (file: string, { backend, ...rest }: ScoreFlags) => {
      if (!isBackend(backend)) {
        throw new InputError(`--backend "${backend}", expected one of: ${SENTIMENT_BACKENDS.join(', ')}`)
      }
      const texts = await readTexts(file)
      const { openClassifier } = await import('../../wiring/sentiment-classifier.ts')
      const classifier = await openClassifier({ backend, ...rest }, () => Promise.reject(noState()))
      const spoken = texts.filter(says)
      const answers = (await classifier.classify(spoken, interrupted)).values()
      const rows = texts.map((text): Cell[] => {
        if (!says(text)) return [text]
        const answer = answers.next().value
        if (answer === undefined) throw new RangeError(`${backend} answered fewer than ${spoken.length} texts`)
        return [text, likeliestLabel(answer), answer.negative, answer.neutral, answer.positive]
      })
      printTable(io(), COLUMNS, rows)
      const { provenance } = classifier
      const silent = texts.length - spoken.length
      const left = silent === 0 ? '' : `; ${silent} of ${texts.length} texts are empty and have no label`
      io().stderr(`${provenance.backend} (${provenance.model})${left}\n`)
    })
}

/** Whether there is anything to judge. */
function says(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text)
}

function isBackend(name: string): name is SentimentBackend {
  return SENTIMENT_BACKENDS.some((backend) => backend === name)
}

/** This verb never opens state, and so reaches no objects. */
function noState(): InputError {
  return new InputError('"sentiment score" does not reach the object store, expected the folder of a model on disk')
}
