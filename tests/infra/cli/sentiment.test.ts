import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodeOf, Interrupted } from '../../../infra/local/cli/exit.ts'
import { csvCell } from '../../../infra/local/cli/output.ts'
import { readLabelled, trainingDataHash } from '../../../infra/local/cli/sentiment-train.ts'
import { parseCsv } from '../../../shared/adapters/csv/csv-table.ts'
import { readLinearSentiment } from '../../../shared/adapters/onnx/linear-sentiment-file.ts'
import { withoutRepetitions } from '../../../shared/domain/sentiment/training/labelled-text.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { hailoStub } from '../../shared/adapters/sentiment/hailo-stub.ts'
import { removeTinyFolders, tinyFolder } from '../../shared/adapters/sentiment/tiny-model-folder.ts'
import { runProgram } from './run-program.ts'
import { HEADLINES } from './sentiment-headlines.ts'

const folder = mkdtempSync(join(tmpdir(), 'edgefund-sentiment-'))
const out = join(folder, 'model')
const labelled = HEADLINES.map((row) => [row.text, row.label, row.source].map(csvCell).join(',')).join('\n')
let files = 0
afterAll(() => rmSync(folder, { recursive: true }))

function file(text: string | Uint8Array): string {
  const path = join(folder, `${files++}.csv`)
  writeFileSync(path, text)
  return path
}

const sentiment = (...args: string[]) => runProgram(['sentiment', ...args], interruption.signal)
let interruption = new AbortController()

/** What was printed, a row a text. */
function rowsOf(stdout: string) {
  const table = parseCsv(Buffer.from(stdout), 'output', {
    required: ['text', 'label', 'negative', 'neutral', 'positive'],
  })
  const [text, label] = [table.text('text'), table.text('label')]
  return Array.from({ length: table.rows }, (_, row) => ({
    text: text(row),
    label: label(row),
    probabilities: ['negative', 'neutral', 'positive'].map((name) => table.number(name)[row]),
  }))
}

describe('sentiment score', () => {
  it('prints text, label and probabilities, in the order of the lines', async () => {
    const { stdout, stderr, error } = await sentiment(
      'score',
      file('Profit rose 30%, beating estimates\r\nProfit fell 30%, missing estimates\r\nThe meeting is on Monday\r\n'),
    )
    expect(error).toBeUndefined()
    expect(stdout.split('\n')[0]).toBe('text,label,negative,neutral,positive')
    const rows = rowsOf(stdout)
    expect(rows.map(({ label }) => label)).toEqual(['positive', 'negative', 'neutral'])
    expect(rows[0].text).toBe('Profit rose 30%, beating estimates')
    for (const { probabilities } of rows) expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 6)
    expect(stderr).toMatch(/^onnx-linear \(sentiment-linear [0-9a-f]{12}\)\n$/)
  })

  it('reads the column "text" of a CSV, gzipped, with a byte order mark and quotes', async () => {
    const csv = '\ufeffid,text\r\n1,"Sales fell, and ""sharply"""\r\n2,"two\nlines"\r\n'
    const { stdout } = await sentiment('score', file(gzipSync(csv)))
    expect(rowsOf(stdout).map(({ text }) => text)).toEqual(['Sales fell, and "sharply"', 'two\nlines'])
  })

  it('gives the same text the same answer, whatever stands beside it', async () => {
    const one = rowsOf((await sentiment('score', file('Profit rose'))).stdout)[0]
    const crowd = `${HEADLINES.map(({ text }) => `${text}, which is told at greater length here`).join('\n')}\nProfit rose`
    const last = rowsOf((await sentiment('score', file(crowd))).stdout).at(-1)
    expect(last?.probabilities).toEqual(one.probabilities.map((p) => expect.closeTo(p, 6)))
  })

  it('leaves texts without a word unlabelled, each in its place', async () => {
    const { stdout, stderr } = await sentiment('score', file('text\nProfit rose\n""\n?!\nProfit fell\n'))
    expect(stdout.split('\n').slice(2, 4)).toEqual([',,,,', '?!,,,,'])
    expect(rowsOf(stdout).map(({ label }) => label)).toEqual(['positive', '', '', 'negative'])
    expect(stderr).toContain('2 of 4 texts are empty')
    const { stdout: json } = await sentiment('score', file('text\n""\n'), '--json')
    expect(JSON.parse(json)).toEqual([{ text: '', label: null, negative: null, neutral: null, positive: null }])
  })

  it.each(['Stocks, bonds', 'Profit,2', 'Sales up; text follows', 'Profit', '"Buy","sell it"'])(
    'takes %j, which is no header, as a text',
    async (line) => {
      const { stdout, error } = await sentiment('score', file(`${line}\nProfit rose\n`))
      expect(error).toBeUndefined()
      expect(rowsOf(stdout).map(({ text }) => text)).toEqual([line, 'Profit rose'])
    },
  )

  it('prints one JSON array', async () => {
    const { stdout } = await sentiment('score', file('Profit rose'), '--json')
    expect(JSON.parse(stdout)).toEqual([
      {
        text: 'Profit rose',
        label: 'positive',
        negative: expect.any(Number),
        neutral: expect.any(Number),
        positive: expect.any(Number),
      },
    ])
  })

  it('prints the header for a header only', async () => {
    expect((await sentiment('score', file('id,text\n'))).stdout).toBe('text,label,negative,neutral,positive\n')
  })

  it('takes a text of any length', async () => {
    const { stdout } = await sentiment('score', file(`Profit rose ${'and rose '.repeat(100_000)}`))
    expect(rowsOf(stdout)[0].label).toBe('positive')
  })

  it.each([
    ['an empty file', () => ['score', file('')], /is empty, expected a CSV with a column "text", or one text a line/],
    [
      'a CSV without the column',
      () => ['score', file('title,date\nA,1\n')],
      /no column "text"; its header is title,date/,
    ],
    ['another case', () => ['score', file('Text\nProfit rose\n')], /no column "text"; its header is Text/],
    ['another separator', () => ['score', file('id; text\n1; Profit\n')], /no column "text"; its header is id; text/],
    ['no such file', () => ['score', join(folder, 'none')], /does not exist/],
    ['broken CSV', () => ['score', file('text,id\n"open')], /line 2: a quote is opened and never closed/],
    ['bytes that are no text', () => ['score', file(Uint8Array.of(0xff, 0xfe, 0x41))], /not UTF-8/],
    [
      'an unknown backend',
      () => ['score', file('a'), '--backend', 'oracle'],
      /--backend "oracle", expected one of: onnx-linear/,
    ],
    ['a model that is not there', () => ['score', file('a'), '--model', join(folder, 'none')], /cannot be read/],
    ['a model that is none', () => ['score', file('a'), '--model', file('text')], /is not an ONNX model|of kind/],
  ])('refuses %s', async (_, args, message) => {
    const { stdout, error } = await sentiment(...args())
    expect(error).toBeInstanceOf(InputError)
    expect(exitCodeOf(error)).toBe(2)
    expect(String(error)).toMatch(message)
    expect(stdout).toBe('')
  })
})

describe('sentiment score by another backend', () => {
  afterAll(removeTinyFolders)

  it('is asked of a model that somebody supplied', async () => {
    const model = await tinyFolder()
    const { stdout, stderr } = await sentiment(
      ...['score', file('profit\nloss\n'), '--backend', 'onnx-transformer', '--model', model],
    )
    expect(rowsOf(stdout).map(({ label }) => label)).toEqual(['positive', 'negative'])
    expect(stderr).toMatch(/^onnx-transformer \(tiny-model-/)
  })

  it('is asked of a server, whose absence is the exit code 3 and nobody stands in for', async () => {
    const stub = await hailoStub({ answer: (question) => (question.includes('good') ? 'positive' : 'neutral') })
    const asked = ['--backend', 'hailo-ollama', '--url', stub.url, '--model', stub.model]
    const { stdout } = await sentiment('score', file('good news\nnews\n'), ...asked)
    expect(stdout.split('\n').slice(1, 3)).toEqual(['good news,positive,0,0,1', 'news,neutral,0,1,0'])
    await stub.close()
    const away = await sentiment('score', file('good news\n'), ...asked)
    expect([exitCodeOf(away.error), away.stdout]).toEqual([3, ''])
    expect(String(away.error)).toContain('cannot be reached')
  })

  it.each([
    ['--backend hailo-ollama', /hailo-ollama has no url/],
    ['--backend onnx-transformer', /onnx-transformer has no model/],
    ['--backend onnx-transformer --model objects:models/x', /does not reach the object store/],
    ['--url http://pi5:8000', /onnx-linear needs no url/],
  ])('is refused: %s', async (flags, message) => {
    const { error, stdout } = await sentiment('score', file('news\n'), ...flags.split(' '))
    expect([exitCodeOf(error), stdout]).toEqual([2, ''])
    expect(String(error)).toMatch(message)
  })
})

describe('sentiment train', () => {
  const data = file(`text,label,source\n${labelled}\n`)
  let trained: Awaited<ReturnType<typeof sentiment>>
  beforeAll(async () => {
    trained = await sentiment('train', '--data', data, '--out', out)
  })

  it('learns, writes the model and its card, and prints the figures of cross-validation', () => {
    expect(trained.error).toBeUndefined()
    const header = trained.stdout.split('\n')[0]
    expect(header).toBe('on,source,texts,accuracy,macro_f1,wrong_sign,log_loss,calibration_error')
    expect(trained.stdout).toMatch(/^chosen penalty,evening post,30,/m)
    expect(trained.stdout).toMatch(/^across,morning post,30,/m)
    const [, , texts, accuracy] = /\(chosen\),(all),(\d+),([\d.]+)/m.exec(trained.stdout) ?? []
    expect([texts, Number(accuracy) > 0.6]).toEqual(['60', true])
    expect(trained.stderr).toContain('of all texts')
    expect(readFileSync(join(out, 'MODEL_CARD.md'), 'utf8')).toContain('| morning post | 10 | 10 | 10 | 30 |')
  })

  it('makes a model that scores what it learned', async () => {
    const headlines = file(HEADLINES.map(({ text }) => text).join('\n'))
    const { stdout } = await sentiment('score', headlines, '--model', join(out, 'sentiment-linear.onnx'))
    const right = rowsOf(stdout).filter(({ label }, i) => label === HEADLINES[i].label)
    expect(right.length).toBeGreaterThanOrEqual(57)
  })

  it('makes the same bytes of the same data, and others of other data', async () => {
    const model = readFileSync(join(out, 'sentiment-linear.onnx'))
    const again = join(folder, 'again')
    await sentiment('train', '--data', data, '--out', again)
    expect(readFileSync(join(again, 'sentiment-linear.onnx')).equals(model)).toBe(true)
    const fewer = file(`text,label,source\n${labelled.split('\n').slice(1).join('\n')}\n`)
    await sentiment('train', '--data', fewer, '--out', again)
    expect(readFileSync(join(again, 'sentiment-linear.onnx')).equals(model)).toBe(false)
  })

  it('replaces only the figures of a card that is there', async () => {
    const card = join(out, 'MODEL_CARD.md')
    const written = readFileSync(card, 'utf8')
    writeFileSync(card, `Mine before\n${written.replace(/60 texts/, 'no texts')}Mine behind\n`)
    await sentiment('train', '--data', data, '--out', out)
    expect(readFileSync(card, 'utf8')).toBe(`Mine before\n${written}Mine behind\n`)
  })

  it('takes each file for a source where none is named', async () => {
    const rows = labelled.split('\n')
    const halves = [0, 1].map((half) => {
      const of = HEADLINES.filter((_, i) => i % 2 === half).map((row) => [row.text, row.label].map(csvCell).join(','))
      return file(`text,label\n${of.join('\n')}\n`)
    })
    const { stdout, error } = await sentiment(
      'train',
      '--data',
      ...halves,
      '--out',
      join(folder, 'halves'),
      '--folds',
      '2',
      '--json',
    )
    expect(error).toBeUndefined()
    const report = JSON.parse(stdout)
    expect(report.texts).toBe(rows.length)
    expect(Object.keys(report.acrossSources)).toHaveLength(2)
  })

  it('stops between steps when it is interrupted', async () => {
    interruption.abort(new Interrupted('SIGINT'))
    const { error } = await sentiment('train', '--data', data, '--out', join(folder, 'stopped'))
    interruption = new AbortController()
    expect(error).toBeInstanceOf(Interrupted)
    expect(existsSync(join(folder, 'stopped'))).toBe(false)
  })

  it.each([
    ['no data', () => ['train', '--out', out], /has no --data; expected CSVs with the columns text,label/],
    ['no folder', () => ['train', '--data', data], /--out/],
    [
      'a label it does not know',
      () => ['train', '--data', file('text,label\nup,good\n'), '--out', out],
      /line 2: label "good", expected negative, neutral, positive/,
    ],
    [
      'too few texts',
      () => ['train', '--data', file('text,label\nup,positive\n'), '--out', out],
      /0 different negative texts, expected 10 or more/,
    ],
    ['no column label', () => ['train', '--data', file('text\nup\n'), '--out', out], /has no column "label"/],
    [
      'one fold',
      () => ['train', '--data', data, '--out', out, '--folds', '1'],
      /--folds "1", expected a whole number from 2 to 20/,
    ],
    ['a seed that is none', () => ['train', '--data', data, '--out', out, '--seed', 'x'], /--seed "x"/],
  ])('refuses %s', async (_, args, message) => {
    const { error, stdout } = await sentiment(...args())
    expect(exitCodeOf(error)).toBe(2)
    expect(String(error)).toMatch(message)
    expect(stdout).toBe('')
  })
})

const DATA = fileURLToPath(new URL('../../../../shared/sentiment-data/train.csv.gz', import.meta.url))

describe.skipIf(!existsSync(DATA))('the committed model (../shared/sentiment-data)', () => {
  it('was trained on these headlines', async () => {
    const file = new URL('../../../models/sentiment/sentiment-linear.onnx', import.meta.url)
    const { identity } = readLinearSentiment(readFileSync(file), 'sentiment-linear.onnx')
    expect(identity.trainingData).toBe(trainingDataHash(withoutRepetitions(await readLabelled(DATA))))
    expect(identity.trainingData.startsWith(identity.version)).toBe(true)
  })
})
