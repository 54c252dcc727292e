import type { Envelope } from './envelope.ts'
import { JoinCompleted, RunOpened } from './pipeline.ts'

/**
 * The subject that an event travels under. It is the event's type, but for the two words of the runtime that are meant for one step alone:
 * those name whom they are for, so that every subscriber hears one exact subject and nothing else.
 */
export function busSubject({ type, data }: Pick<Envelope, 'type' | 'data'>): string {
  if (type === RunOpened.subject) return openedSubject(RunOpened.schema.parse(data).workflow)
  if (type === JoinCompleted.subject) return completedSubject(JoinCompleted.schema.parse(data).step)
  return type
}

export function openedSubject(workflow: string): string {
  return `${RunOpened.subject}.${workflow}`
}

export function completedSubject(step: string): string {
  return `${JoinCompleted.subject}.${step}`
}
