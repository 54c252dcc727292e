import { describe, expect, it } from 'vitest'
import { ACCEPTED_FILE } from '../../../infra/generate/accepted-schemas.ts'
import { REPOSITORY } from '../../../infra/generate/files.ts'
import { schemaRefusals } from '../../../infra/generate/schema-refusals.ts'
import { readAccepted, readSchemas } from '../../../infra/generate/write-files.ts'
import { committedSchemas } from './git-history.ts'

const now = { schemas: readSchemas(REPOSITORY), accepted: readAccepted(REPOSITORY) }
const head = committedSchemas(REPOSITORY, 'HEAD')
const previous = committedSchemas(REPOSITORY, 'HEAD~1')

/** Whoever edits a schema by hand, or deletes it and generates it anew, is not seen by `npm run generate`. */
describe('the schemas of events', () => {
  it('find some', () => expect(now.schemas.size).toBeGreaterThan(10))

  it.for([
    ['the last commit', 'here', head, now],
    ['the commit before', 'the last commit', previous, head],
  ] as const)('of %s are read by the same readers as those of %s', ([, , before, after], { skip }) => {
    if ('missing' in before) return skip(before.missing)
    if ('missing' in after) return skip(after.missing)
    const sentences = schemaRefusals(before.schemas, after.schemas, after.accepted).map(({ sentence }) => sentence)
    expect(sentences, `accepted ones are in ${ACCEPTED_FILE}`).toEqual([])
  })
})
