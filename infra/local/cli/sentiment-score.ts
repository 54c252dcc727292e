import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { likeliestLabel } from '../../../shared/domain/sentiment/sentiment.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { SentimentClassifier } from '../../../shared/ports/sentiment-classifier.ts'
import type { Context } from './context.ts'
import { type Cell, printTable } from './output.ts'
import { readTexts } from './sentiment-texts.ts'

const COLUMNS = ['text', 'label', 'negative', 'neutral', 'positive'] as const
const EMBEDDED_MODEL = fileURLToPath(new URL('../../../models/sentiment/sentiment-linear.onnx', import.meta.url))

/** Who can classify, by the name `--backend` takes. Each opens the model it is given, or its own. */
const BACKENDS: Readonly<Record<string, (model: string | undefined) => Promise<SentimentClassifier>>> = {
  'onnx-linear': openLinear,
}

const HELP = `
FILE     a CSV whose header has a column "text" (other columns are ignored); any other file is read as one text a line.
         May be gzipped, or - for standard input. Of a text, the first 1,000 characters count.

Prints text,label,negative,neutral,positive, a row a text in the order of the file: calibrated probabilities, and the label that is
likeliest. Texts are printed as they came. A text without a letter or digit has no label and no probabilities (null with --json).
Which backend and model answered is said on stderr.

Example:
  echo 'Operating profit rose to EUR 21 mn from EUR 17 mn' | edgefund sentiment score -`

interface ScoreFlags {
  readonly backend: string
  readonly model?: string
}

/** Adds `sentiment score FILE`. */
export function registerSentimentScore(sentiment: Command, { io, interrupted }: Context): void {
  sentiment
    .command('score')
    .summary('score headlines: label and probabilities')
    .description('Tells whether the news of headlines is negative, neutral or positive.')
    .argument('<FILE>', 'CSV with a column "text", or lines, or -')
    .option('--backend <NAME>', Object.keys(BACKENDS).join(', '), 'onnx-linear')
    .option('--model <FILE>', "the backend's model instead of the embedded one")
    .addHelpText('after', HELP)
    .action(async (file: string, { backend, model }: ScoreFlags) => {
      if (!Object.hasOwn(BACKENDS, backend)) {
        throw new InputError(`--backend "${backend}", expected one of: ${Object.keys(BACKENDS).join(', ')}`)
      }
      const texts = await readTexts(file)
      const classifier = await BACKENDS[backend](model)
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

async function openLinear(model: string | undefined): Promise<SentimentClassifier> {
  const file = model ?? EMBEDDED_MODEL
  const { onnxLinearClassifier } = await import('../../../shared/adapters/onnx/linear-sentiment-classifier.ts')
  return onnxLinearClassifier(await modelBytes(file), file)
}

async function modelBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new InputError(`--model ${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
}
