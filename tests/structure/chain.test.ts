import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { steps } from '../../functions/index.ts'
import { generatedFiles } from '../../infra/generate/files.ts'
import { JoinCompleted, RunEnded, RunOpened } from '../../shared/events/pipeline.ts'
import { readMigrations } from '../../shared/runtime/migrations.ts'
import { createRegistry } from '../../shared/runtime/registry.ts'

const root = new URL('../../', import.meta.url)
const registry = createRegistry(steps)
/** In the order data moves; a room hears itself and earlier ones, never later ones. */
const ROOMS = ['ingestion', 'universe', 'signals', 'portfolio', 'execution', 'monitoring']
/** Said by the runtime itself. */
const OWN = new Set<string>([RunOpened, JoinCompleted, RunEnded].map(({ subject }) => subject))

describe('the chain', () => {
  it('hears every emitted event, or declares it final', () => {
    for (const step of steps) {
      for (const { subject, final } of step.emits) {
        const heard =
          registry.subscribers(subject).length > 0 ||
          steps.some(({ on }) => on.kind === 'join' && on.of.some((type) => type.subject === subject)) ||
          steps.some(({ on }) => on.kind === 'batch' && on.subject === subject)
        expect([subject, heard || final]).toEqual([subject, true])
        expect([subject, heard && final], 'what is heard is not final').toEqual([subject, false])
      }
    }
  })

  it('says every event that is heard', () => {
    const said = new Set(steps.flatMap(({ emits }) => emits.map(({ subject }) => subject)))
    for (const { subject } of registry.events)
      expect([subject, said.has(subject) || OWN.has(subject)]).toEqual([subject, true])
  })

  it('faces one way: a room speaks only to itself and to later ones', () => {
    for (const step of steps) {
      for (const { subject } of step.emits) {
        for (const listener of registry.subscribers(subject)) {
          expect(ROOMS.indexOf(step.room), `${step.name} -> ${listener.name}`).toBeLessThanOrEqual(
            ROOMS.indexOf(listener.room),
          )
        }
      }
    }
  })

  it('speaks in its own room: the first part of a subject is the room of the step that says it', () => {
    for (const step of steps) for (const { subject } of step.emits) expect(subject.split('.')[0]).toBe(step.room)
  })

  it('joins only parts of a fan-out that somebody can say', () => {
    for (const { on, name } of steps) {
      if (on.kind === 'join') expect(on.of.length, name).toBeGreaterThan(0)
    }
  })

  it('keeps each step where its name says', () => {
    for (const { name, room } of steps) {
      expect(existsSync(new URL(`functions/${room}/${name.slice(room.length + 1)}/handler.ts`, root)), name).toBe(true)
    }
  })
})

describe('generated files', () => {
  it.each([...generatedFiles()])('%s is current (npm run generate)', (path, content) => {
    expect(readFileSync(new URL(path, root), 'utf8')).toBe(content)
  })
})

describe('migrations', () => {
  it('are numbered without gaps and named NNNN_<schema>_<subject>.sql', async () => {
    const migrations = await readMigrations(new URL('sql/migrations/', root))
    expect(migrations.length).toBeGreaterThan(0)
    // Each comments every table it makes.
    for (const { name, sql } of migrations) {
      for (const [, table] of sql.matchAll(/create table (?:if not exists )?([a-z_]+\.[a-z_]+)/g)) {
        expect(sql, `${name}: ${table} has a comment`).toMatch(
          new RegExp(`comment on table ${table.replace('.', '\\.')} is`),
        )
      }
    }
  })
})
