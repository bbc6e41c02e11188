// Where each thing the client knows lies in the query cache.

import type { ConversationId } from './generated/ConversationId';

export const keys = {
  session: ['session'] as const,
  connection: ['connection'] as const,
  connectionTest: ['connection-test'] as const,
  conversations: ['conversations'] as const,
  people: ['people'] as const,
  presence: ['presence'] as const,
  workspace: ['workspace'] as const,
  updates: ['updates'] as const,
  refusals: ['refusals'] as const,
  timelines: ['timeline'] as const,
  timeline: (conversation: ConversationId) => ['timeline', conversation] as const,
  typing: (conversation: ConversationId) => ['typing', conversation] as const,
  writing: (conversation: ConversationId) => ['writing', conversation] as const,
  members: (conversation: ConversationId) => ['members', conversation] as const,
};
